package protocol

import "bytes"

// decodeAppend reads the event that every client sends fifty times a second, as
// clients write it: an object of type, audio and perhaps event_id, whose strings
// need no unescaping. ok is false for anything else, which is encoding/json's to
// read; that would take five times as long here.
func decodeAppend(b []byte) (e ClientEvent, ok bool) {
	b, ok = bytes.CutPrefix(blank(b), []byte("{"))
	for ok {
		var key, value []byte
		if key, b, ok = plainString(b); !ok {
			break
		}
		if b, ok = bytes.CutPrefix(blank(b), []byte(":")); !ok {
			break
		}
		if value, b, ok = plainString(b); !ok {
			break
		}
		var to *string
		switch string(key) {
		case "type":
			to = &e.Type
		case "audio":
			to = &e.Audio
		case "event_id":
			to = &e.EventID
		}
		if to == nil || *to != "" { // something else, or twice
			break
		}
		*to = string(value)
		b = blank(b)
		if string(b) == "}" {
			return e, e.Type == InputAppend
		}
		b, ok = bytes.CutPrefix(b, []byte(","))
	}
	return ClientEvent{}, false
}

// blank is b without JSON's white space around it.
func blank(b []byte) []byte { return bytes.Trim(b, " \t\r\n") }

// plainString reads a string of ASCII without escapes, and returns what follows it.
func plainString(b []byte) (text, rest []byte, ok bool) {
	b, ok = bytes.CutPrefix(bytes.TrimLeft(b, " \t\r\n"), []byte(`"`))
	end := bytes.IndexByte(b, '"')
	if !ok || end < 0 {
		return nil, nil, false
	}
	for _, c := range b[:end] {
		if c < ' ' || c > '~' || c == '\\' {
			return nil, nil, false
		}
	}
	return b[:end], b[end+1:], true
}
