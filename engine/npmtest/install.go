package npmtest

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
	"time"
)

// installTime is the longest that an installation may take.
const installTime = 5 * time.Minute

// Install has what the folder .ci/NAME of the repository pins installed, and returns the
// folder that has its node_modules. Several tests may do so at once. An error says what
// is missing.
func Install(ctx context.Context, name string) (string, error) {
	pins, err := pinned(name)
	if err != nil {
		return "", err
	}
	lock, err := os.ReadFile(filepath.Join(pins, "package-lock.json"))
	if err != nil {
		return "", fmt.Errorf("npmtest: %w", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("npmtest: no place to install packages: %w", err)
	}
	sum := sha256.Sum256(lock)
	dir := filepath.Join(cache, "parley", name+"-"+hex.EncodeToString(sum[:6]))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return "", fmt.Errorf("npmtest: %w", err)
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), "."+name+"-*")
	if err != nil {
		return "", fmt.Errorf("npmtest: %w", err)
	}
	defer os.RemoveAll(fresh)
	for _, file := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join(pins, file))
		if err == nil {
			err = os.WriteFile(filepath.Join(fresh, file), text, 0o644) //nolint:gosec // nothing secret
		}
		if err != nil {
			return "", fmt.Errorf("npmtest: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, installTime)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
	npm.Dir = fresh
	if said, err := npm.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npmtest: npm ci of .ci/%s: %w; it needs npm and its registry: %s", name, err, strings.Join(strings.Fields(string(said)), " "))
	}
	if err := os.Rename(fresh, dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("npmtest: %w", err)
	}
	return dir, nil
}

// Node is the Node that was installed in dir, or else the system's: Debian 12's is too
// old for most.
func Node(dir string) string {
	if found, err := filepath.Glob(filepath.Join(dir, "node_modules", "node-linux-*", "bin", "node")); err == nil && len(found) > 0 {
		return found[0]
	}
	return "node"
}

// pinned is the folder .ci/NAME of the repository that the test runs in.
func pinned(name string) (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("npmtest: %w", err)
	}
	for {
		pins := filepath.Join(dir, ".ci", name)
		if _, err := os.Stat(pins); err == nil {
			return pins, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("npmtest: there is no .ci/%s above the test", name)
		}
		dir = filepath.Dir(dir)
	}
}
