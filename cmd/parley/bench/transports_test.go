package bench

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"parley/engine/remote"
)

// What a way adds is against the same question asked of the embedded engine; what was
// not answered counts for nothing but itself.
func TestTransportsReport(t *testing.T) {
	r := TransportsReport{Turns: 3, Ways: []WayReport{
		{Way: locally, voiceToVoice: []float64{200, 210, -1}, Unanswered: 1, silent: []float64{150}},
		{Way: remote.WebSocket, voiceToVoice: []float64{205, -1, 300}, Unanswered: 1, silent: []float64{151, 155}},
	}, resumed: []float64{400}, Lost: 1, InReply: 2, Whole: 2}
	r.sum()
	w := r.Ways[1]
	if w.Added.P50 != 5 || w.Added.P95 != 5 || w.VoiceToVoice.P95 != 300 || w.Interruptions != 2 || r.Cuts != 2 || r.Resumed.P50 != 400 {
		t.Errorf("summed up as %+v", r)
	}
	var table strings.Builder
	if err := r.table(&table); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"websocket", "1 of 3", "1 of 2 unanswered", "2 of 2 replies"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("no %q in\n%s", want, table.String())
		}
	}
	for d := xml.NewDecoder(strings.NewReader(r.chart())); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
