package rest

import (
	"encoding/binary"
	"net/http"
	"time"

	"parley/engine/realtime/protocol"
)

// wavHead is the header of a WAV file of 24 kHz, 16 bit, mono, that is as long as
// it turns out to be: its sizes say "to the end", as those of all streamed files.
func wavHead() []byte {
	const toTheEnd = 0xFFFFFFFF
	le := binary.LittleEndian
	b := le.AppendUint32([]byte("RIFF"), toTheEnd)
	b = le.AppendUint32(append(b, "WAVEfmt "...), 16)
	b = le.AppendUint16(b, 1) // PCM
	b = le.AppendUint16(b, 1) // channel
	b = le.AppendUint32(b, uint32(protocol.WireRate))
	b = le.AppendUint32(b, 2*uint32(protocol.WireRate))
	b = le.AppendUint16(b, 2) // bytes of a sample of all channels
	b = le.AppendUint16(b, 16)
	return le.AppendUint32(append(b, "data"...), toTheEnd)
}

// cut makes the answer end short of its end: net/http cannot write the end of an
// answer whose time is over, and closes the connection.
func cut(control *http.ResponseController) error {
	_ = control.SetWriteDeadline(time.Unix(1, 0)) // where there is no connection, nothing is to be cut
	return nil
}
