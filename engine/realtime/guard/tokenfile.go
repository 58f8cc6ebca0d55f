package guard

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const fileHead = "# Who may use this parleyd: name, salt, SHA-256 of salt and token, when it was made.\n" +
	"# The tokens themselves are nowhere. Changed by \"parleyd token\"; read again on SIGHUP.\n"

// Add makes a token of that name, keeps what is to be kept of it in the file at
// path, which it makes if need be, and returns the token itself. Errors wrap
// [ErrName], [ErrNameTaken], [ErrTooMany], those of reading, or the file's.
func Add(path, name string) (secret string, err error) {
	t, secret, err := NewToken(name)
	if err != nil {
		return "", err
	}
	return secret, change(path, func(all []Token) ([]Token, error) {
		switch {
		case slices.ContainsFunc(all, func(o Token) bool { return o.Name == name }):
			return nil, ErrNameTaken
		case len(all) >= mostTokens:
			return nil, ErrTooMany
		}
		return append(all, t), nil
	})
}

// Remove takes the token of that name out of the file at path. The error wraps
// [ErrNoToken] where there is none.
func Remove(path, name string) error {
	return change(path, func(all []Token) ([]Token, error) {
		rest := slices.DeleteFunc(slices.Clone(all), func(o Token) bool { return o.Name == name })
		if len(rest) == len(all) {
			return nil, ErrNoToken
		}
		return rest, nil
	})
}

// lockWait is how long a change waits for another one to be done.
const lockWait = 2 * time.Second

// change replaces the file at path in one step. The new file beside it is the lock:
// who makes it changes the tokens.
func change(path string, edit func([]Token) ([]Token, error)) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("guard: tokens not written: %w", err)
	}
	beside := path + ".new"
	f, err := exclusive(beside)
	if err != nil {
		return err
	}
	defer os.Remove(beside) // gone already when all went well
	defer f.Close()
	all, err := readTokens(path)
	if err != nil {
		return err
	}
	if all, err = edit(all); err != nil {
		return err
	}
	text := bytes.NewBufferString(fileHead)
	for _, t := range all {
		fmt.Fprintln(text, t)
	}
	_, err = f.Write(text.Bytes())
	err = errors.Join(err, f.Sync(), giveTo(f, folder), f.Close())
	if err == nil {
		err = os.Rename(beside, path)
	}
	if err != nil {
		return fmt.Errorf("guard: tokens not written: %w", err)
	}
	return nil
}

// exclusive makes the file at path, which must not be there.
func exclusive(path string) (*os.File, error) {
	for until := time.Now().Add(lockWait); ; time.Sleep(20 * time.Millisecond) {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the operator names the file
		switch {
		case err == nil:
			return f, nil
		case !errors.Is(err, fs.ErrExist):
			return nil, fmt.Errorf("guard: tokens not written: %w", err)
		case time.Now().After(until):
			return nil, fmt.Errorf("guard: somebody else is changing the tokens; if nobody is, remove %s", path)
		}
	}
}
