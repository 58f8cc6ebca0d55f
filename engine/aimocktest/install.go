package aimocktest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// program is aimock's server within an installation.
const program = "node_modules/@copilotkit/aimock/dist/cli.js"

// install has aimock installed, as it is pinned, in the user's cache, and gives the
// path of its program. Several tests may do so at once.
func install(ctx context.Context) (string, error) {
	pins, err := pinned()
	if err != nil {
		return "", err
	}
	lock, err := os.ReadFile(filepath.Join(pins, "package-lock.json"))
	if err != nil {
		return "", fmt.Errorf("aimocktest: %w", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("aimocktest: no place to install aimock: %w", err)
	}
	sum := sha256.Sum256(lock)
	dir := filepath.Join(cache, "parley", "aimock-"+hex.EncodeToString(sum[:6]))
	if _, err := os.Stat(filepath.Join(dir, program)); err == nil {
		return filepath.Join(dir, program), nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", fmt.Errorf("aimocktest: %w", err)
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), ".aimock-*")
	if err != nil {
		return "", fmt.Errorf("aimocktest: %w", err)
	}
	defer os.RemoveAll(fresh)
	if err := os.CopyFS(fresh, os.DirFS(pins)); err != nil {
		return "", fmt.Errorf("aimocktest: %w", err)
	}
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	npm.Dir = fresh
	if said, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("aimocktest: npm ci: %w; it needs npm and its registry: %s", err, strings.Join(strings.Fields(string(said)), " "))
	}
	if err := os.Rename(fresh, dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("aimocktest: %w", err)
	}
	return filepath.Join(dir, program), nil
}

// nodeFor is the Node that was installed beside aimock's program, or else the
// system's: Debian 12's is too old.
func nodeFor(program string) string {
	modules := filepath.Join(filepath.Dir(program), "..", "..", "..")
	if found, err := filepath.Glob(filepath.Join(modules, "node-linux-*", "bin", "node")); err == nil && len(found) > 0 {
		return found[0]
	}
	return "node"
}

// pinned is the folder that says which aimock: .ci/aimock of the repository that the
// test runs in.
func pinned() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("aimocktest: %w", err)
	}
	for {
		pins := filepath.Join(dir, ".ci", "aimock")
		if _, err := os.Stat(pins); err == nil {
			return pins, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("aimocktest: there is no .ci/aimock above the test")
		}
		dir = filepath.Dir(dir)
	}
}
