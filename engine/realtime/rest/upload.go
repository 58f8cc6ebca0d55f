package rest

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
)

// fieldBytes bounds a field of a form that is no sound.
const fieldBytes = 64 << 10

// form reads a form with fields and sound, in whatever order they come: take gets
// each part. It reads to the body's end, without which net/http would not notice a
// client that goes away.
func (h *routes) form(w http.ResponseWriter, r *http.Request, take func(*multipart.Part) error) error {
	r.Body = http.MaxBytesReader(w, r.Body, h.limits.Sound+h.limits.JSON)
	parts, err := r.MultipartReader()
	if err != nil {
		return &httpError{status: http.StatusUnsupportedMediaType, code: "unsupported_media_type",
			message: "the body has to be multipart/form-data with the sound in the field file"}
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return unreadable(err)
		}
		if err := take(part); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return unreadable(err)
	}
	return nil
}

// field reads a part of at most so many bytes.
func field(part *multipart.Part, most int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(part, most+1))
	if err != nil {
		return nil, unreadable(err)
	}
	if int64(len(b)) > most {
		return nil, tooBig("the field %.40q has more than %d bytes", part.FormName(), most)
	}
	return b, nil
}
