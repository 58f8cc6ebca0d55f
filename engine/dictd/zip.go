package dictd

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// zip is the text of a dictzip file, read at any offset. The gzip header (RFC
// 1952) has an extra field "RA": version 1, how many bytes of text a chunk holds,
// how many chunks there are, and the compressed size of each, all in 16 bits.
type zip struct {
	name   string
	r      io.ReaderAt
	length int64   // bytes of text in a chunk; the last may have fewer
	starts []int64 // where each chunk begins in the file, and where the last ends

	mu   sync.Mutex
	held int    // the chunk that was read last; -1: none
	text []byte // its text
}

// The bits of a gzip header's flags.
const (
	headerCRC = 1 << 1
	extra     = 1 << 2
	fileName  = 1 << 3
	comment   = 1 << 4
)

// maxHeader bounds what a header's extra field, name and comment may take.
const maxHeader = 128 << 10

func newZip(name string, r io.ReaderAt, size int64) (*zip, error) {
	z := &zip{name: name, r: r, held: -1}
	header := make([]byte, min(size, maxHeader))
	if n, err := r.ReadAt(header, 0); err != nil && n < len(header) {
		return nil, fmt.Errorf("dictd: read %s: %w", name, err)
	}
	if len(header) < 12 || header[0] != 0x1f || header[1] != 0x8b || header[2] != 8 || header[3]&extra == 0 {
		return nil, z.malformed("not a dictzip file")
	}
	fields := header[12:min(len(header), 12+int(binary.LittleEndian.Uint16(header[10:])))]
	at := 12 + len(fields)
	var sizes []byte
	for len(fields) >= 4 {
		length := int(binary.LittleEndian.Uint16(fields[2:]))
		if len(fields) < 4+length {
			return nil, z.malformed("extra field cut off")
		}
		if string(fields[:2]) == "RA" {
			sizes = fields[4 : 4+length]
		}
		fields = fields[4+length:]
	}
	if len(sizes) < 6 || binary.LittleEndian.Uint16(sizes) != 1 {
		return nil, z.malformed("no table of chunks")
	}
	z.length = int64(binary.LittleEndian.Uint16(sizes[2:]))
	chunks := int(binary.LittleEndian.Uint16(sizes[4:]))
	sizes = sizes[6:]
	if z.length == 0 || len(sizes) < 2*chunks {
		return nil, z.malformed("table of chunks cut off")
	}
	for _, flag := range []byte{fileName, comment} {
		if header[3]&flag == 0 {
			continue
		}
		end := bytes.IndexByte(header[at:], 0)
		if end < 0 {
			return nil, z.malformed("header cut off")
		}
		at += end + 1
	}
	if header[3]&headerCRC != 0 {
		at += 2
	}
	start := int64(at)
	z.starts = append(z.starts, start)
	for i := range chunks {
		start += int64(binary.LittleEndian.Uint16(sizes[2*i:]))
		z.starts = append(z.starts, start)
	}
	if start > size {
		return nil, z.malformed("chunks lie outside the file")
	}
	return z, nil
}

// ReadAt implements [io.ReaderAt] for the uncompressed text.
func (z *zip) ReadAt(p []byte, off int64) (int, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	n := 0
	for n < len(p) {
		at := off + int64(n)
		if err := z.hold(at / z.length); err != nil {
			return n, err
		}
		inside := at % z.length
		if inside >= int64(len(z.text)) {
			return n, io.EOF
		}
		n += copy(p[n:], z.text[inside:])
	}
	return n, nil
}

// hold reads a chunk, unless it is the one that was read last.
func (z *zip) hold(chunk int64) error {
	if chunk == int64(z.held) {
		return nil
	}
	if chunk < 0 || chunk >= int64(len(z.starts)-1) {
		return io.EOF
	}
	from, to := z.starts[chunk], z.starts[chunk+1]
	text := make([]byte, z.length)
	// A chunk ends with a flush, not with the end of the stream: reading it stops
	// at its last byte, or, in the last chunk, when the input is over.
	n, err := io.ReadFull(flate.NewReader(io.NewSectionReader(z.r, from, to-from)), text)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return fmt.Errorf("dictd: %s, chunk %d: %w: %w", z.name, chunk, err, ErrMalformed)
	}
	z.held, z.text = int(chunk), text[:n]
	return nil
}

func (z *zip) malformed(what string) error {
	return fmt.Errorf("dictd: %s.dict.dz: %s: %w", z.name, what, ErrMalformed)
}
