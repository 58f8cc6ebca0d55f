package e2e

import (
	"encoding/binary"
	"image"
	"image/color"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
)

// screen is a connection to an X server that reads pixels and presses keys, in
// less than a millisecond each, where a screenshot takes a tenth of a second. It
// speaks as much of X11's protocol (version 11, and its extension XTEST 2.2) as
// that needs.
type screen struct {
	t    *testing.T
	conn net.Conn
	root uint32
	test byte            // XTEST's opcode
	keys map[uint32]byte // keycodes by keysym, without modifiers
}

// Requests and their opcodes.
const (
	xGetImage        = 73
	xQueryExtension  = 98
	xKeyboardMapping = 101
	xFakeInput       = 2 // XTEST's

	xKeyPress, xKeyRelease = 2, 3
)

// keyBackSpace is a keysym; those of letters are their codes.
const keyBackSpace = 0xff08

var little = binary.LittleEndian

// newScreen connects to the display that is named so, as ":99".
func newScreen(t *testing.T, name string) *screen {
	t.Helper()
	conn, err := net.Dial("unix", "/tmp/.X11-unix/X"+strings.TrimPrefix(name, ":"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	s := &screen{t: t, conn: conn, keys: map[uint32]byte{}}
	s.send([]byte{'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	head := s.read(8)
	rest := s.read(4 * int(little.Uint16(head[6:])))
	if head[0] != 1 {
		t.Fatalf("the X server does not let us in: %s", rest)
	}
	vendor, formats := int(little.Uint16(rest[16:])), int(rest[21])
	s.root = little.Uint32(rest[32+(vendor+3)/4*4+8*formats:])

	extension := s.ask(xQueryExtension, 0, []byte{5, 0, 0, 0, 'X', 'T', 'E', 'S', 'T', 0, 0, 0})
	s.test = extension[9]
	first, last := rest[26], rest[27]
	codes := s.ask(xKeyboardMapping, 0, []byte{first, last - first + 1, 0, 0})
	each := int(codes[1])
	for i := range int(last-first) + 1 {
		s.keys[little.Uint32(codes[32+4*i*each:])] = first + byte(i)
	}
	return s
}

func (s *screen) send(b []byte) {
	if _, err := s.conn.Write(b); err != nil {
		s.t.Errorf("X server: %v", err)
	}
}

func (s *screen) read(n int) []byte {
	b := make([]byte, n)
	if _, err := io.ReadFull(s.conn, b); err != nil {
		s.t.Errorf("X server: %v", err)
	}
	return b
}

// request sends a request whose body is padded to words.
func (s *screen) request(opcode, data byte, body []byte) {
	b := []byte{opcode, data, 0, 0}
	little.PutUint16(b[2:], uint16(1+len(body)/4))
	s.send(append(b, body...))
}

// ask sends a request and returns the reply, or nil where it is refused, as for a
// window that is not on the screen.
func (s *screen) ask(opcode, data byte, body []byte) []byte {
	s.request(opcode, data, body)
	for {
		head := s.read(32)
		switch head[0] {
		case 0:
			return nil
		case 1:
			return append(head, s.read(4*int(little.Uint32(head[4:])))...)
		}
	}
}

// picture is what a part of the screen shows, four bytes a pixel.
func (s *screen) picture(r image.Rectangle) []byte {
	var body []byte
	body = little.AppendUint32(body, s.root)
	for _, n := range []int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} {
		body = little.AppendUint16(body, uint16(n))
	}
	reply := s.ask(xGetImage, 2, little.AppendUint32(body, ^uint32(0)))
	if reply == nil {
		return nil
	}
	return reply[32:]
}

// count is how many pixels of a part of the screen have exactly that colour.
func (s *screen) count(c color.NRGBA, r image.Rectangle) int { return s.like(c, 0, r) }

// near is how many have nearly that colour: a thin line has none that is exact.
func (s *screen) near(c color.NRGBA, r image.Rectangle) int { return s.like(c, 60, r) }

func (s *screen) like(c color.NRGBA, off int, r image.Rectangle) int {
	n := 0
	for p := range slices.Chunk(s.picture(r), 4) {
		if alike(p[2], c.R, off) && alike(p[1], c.G, off) && alike(p[0], c.B, off) {
			n++
		}
	}
	return n
}

func alike(a, b byte, off int) bool { return max(a, b)-min(a, b) <= byte(off) }

// press presses a key and lets it go.
func (s *screen) press(keysym uint32) {
	for _, kind := range []byte{xKeyPress, xKeyRelease} {
		body := make([]byte, 32)
		body[0], body[1] = kind, s.keys[keysym]
		s.request(s.test, xFakeInput, body)
	}
}
