package guard

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"time"
)

// What a caller may want to tell apart.
var (
	ErrOpenToOthers = errors.New("guard: the token file can be read by others")
	ErrDamaged      = errors.New("guard: not a token file")
	ErrName         = errors.New("guard: a token's name has 1 to 64 letters, digits, dots, - and _")
	ErrNameTaken    = errors.New("guard: there is a token of that name already")
	ErrNoToken      = errors.New("guard: there is no token of that name")
	ErrTooMany      = errors.New("guard: there are too many tokens")
)

const (
	tokenPrefix = "parley_" // so that a token that leaks is known for one
	secretSize  = 32        // bytes, of a token and of its salt
	mostTokens  = 1000      // every request is compared with each: 0.2 ms then
	fileLimit   = 1 << 20   // bytes; more than mostTokens lines have
)

// Token is what is kept of a token: enough to know it again, and not to use it.
//
// The hash is SHA-256 of salt and token. A slow hash (argon2, bcrypt) protects
// secrets that people think up, which can be guessed by the billion; a token is
// 256 bits from the system's random source, which cannot, and is checked at every
// request.
type Token struct {
	Name    string
	Created time.Time // to the second, UTC
	salt    [secretSize]byte
	hash    [sha256.Size]byte
}

var goodName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// NewToken makes a token. secret is what its user shows; it is nowhere else.
func NewToken(name string) (t Token, secret string, err error) {
	if !goodName.MatchString(name) {
		return Token{}, "", ErrName
	}
	t = Token{Name: name, Created: time.Now().UTC().Truncate(time.Second)}
	secret = tokenPrefix + random()
	_, _ = rand.Read(t.salt[:]) // never fails; see crypto/rand
	t.hash = t.hashed(secret)
	return t, secret, nil
}

// random is 256 bits as text.
func random() string {
	var b [secretSize]byte
	_, _ = rand.Read(b[:]) // never fails; see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func (t Token) hashed(secret string) [sha256.Size]byte {
	return sha256.Sum256(append(t.salt[:], secret...))
}

// String is the token's line in the file: name, salt, hash, time.
func (t Token) String() string {
	return fmt.Sprintf("%s %x %x %s", t.Name, t.salt, t.hash, t.Created.Format(time.RFC3339))
}

// parseToken reads what String wrote.
func parseToken(line string) (t Token, err error) {
	fields := strings.Fields(line)
	if len(fields) != 4 || !goodName.MatchString(fields[0]) {
		return Token{}, ErrDamaged
	}
	t.Name = fields[0]
	salt, err1 := hex.DecodeString(fields[1])
	hash, err2 := hex.DecodeString(fields[2])
	t.Created, err = time.Parse(time.RFC3339, fields[3])
	if errors.Join(err1, err2, err) != nil || copy(t.salt[:], salt) != len(salt) || copy(t.hash[:], hash) != len(hash) ||
		len(salt) != len(t.salt) || len(hash) != len(t.hash) {
		return Token{}, ErrDamaged
	}
	return t, nil
}

// parseTokens reads a token file. Empty lines and those that begin with # are
// passed over. The error, which says the line, wraps [ErrDamaged], [ErrNameTaken]
// or [ErrTooMany].
func parseTokens(r io.Reader) ([]Token, error) {
	var all []Token
	names := make(map[string]bool)
	lines := bufio.NewScanner(io.LimitReader(r, fileLimit))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		t, err := parseToken(line)
		switch {
		case err == nil && names[t.Name]:
			err = ErrNameTaken
		case err == nil && len(all) == mostTokens:
			err = ErrTooMany
		}
		if err != nil {
			return nil, fmt.Errorf("%w: line %d", err, n)
		}
		names[t.Name] = true
		all = append(all, t)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return all, nil
}

// Tokens are those who may come in. It may be used by several goroutines.
type Tokens struct {
	path  string
	fixed []Token
	all   atomic.Pointer[[]Token]
}

// OpenTokens reads the token file at path, where there may be none, and adds the
// lines of fixed, which has the file's format: a host that keeps no files hands
// them over in its environment. An error says what to do; it wraps
// [ErrOpenToOthers] when the file's permissions are more than 0600.
func OpenTokens(path, fixed string) (*Tokens, error) {
	t := &Tokens{path: path}
	var err error
	if t.fixed, err = parseTokens(strings.NewReader(fixed)); err != nil {
		return nil, err
	}
	return t, t.Reload()
}

// Reload reads the file again. After an error the tokens are as they were.
func (t *Tokens) Reload() error {
	all, err := readTokens(t.path)
	if err != nil {
		if t.all.Load() == nil {
			t.all.Store(&t.fixed)
		}
		return err
	}
	all = append(all, t.fixed...)
	t.all.Store(&all)
	return nil
}

// List is what is known of the tokens, in the file's order.
func (t *Tokens) List() []Token { return *t.all.Load() }

// Check finds whose token secret is. It takes as long whichever it is, and
// whether it is one.
func (t *Tokens) Check(secret string) (name string, ok bool) {
	found := -1
	all := *t.all.Load()
	for i := range all {
		hash := all[i].hashed(secret)
		found = subtle.ConstantTimeSelect(subtle.ConstantTimeCompare(hash[:], all[i].hash[:]), i, found)
	}
	if found < 0 {
		return "", false
	}
	return all[found].Name, true
}

// has says whether there is still a token of that name.
func (t *Tokens) has(name string) bool {
	for _, known := range *t.all.Load() {
		if known.Name == name {
			return true
		}
	}
	return false
}

// readTokens reads the file at path; none if there is none.
func readTokens(path string) ([]Token, error) {
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if errors.Is(err, fs.ErrNotExist) || path == "" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("guard: tokens not read: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("guard: tokens not read: %w", err)
	}
	if open := info.Mode().Perm() & 0o077; open != 0 {
		return nil, fmt.Errorf("%w: run: chmod 600 %s", ErrOpenToOthers, path)
	}
	all, err := parseTokens(f)
	if err != nil {
		return nil, fmt.Errorf("%w of %s", err, path)
	}
	return all, nil
}
