package audio

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/audio/audiotest"
)

// noticed is how soon a lost device must be known: a second without a
// callback and the time to look, and what a busy machine adds to them.
const noticed = 4 * time.Second

func TestSoundComesBackWithItsServer(t *testing.T) {
	server := audiotest.StartServer(t)
	c := startChild(t, server.Env(), false)
	c.await("heard", 15*time.Second)
	c.tell("tone 20000")
	time.Sleep(time.Second)

	for round := range 2 { // the second loss is of malgo's device, not of oto's
		killed := time.Now()
		server.Kill()
		want := map[string]bool{"lost": true, "speaker": true, "play": true}
		for len(want) > 0 {
			r := c.next(2 * noticed)
			if !want[r.What] {
				continue
			}
			delete(want, r.What)
			t.Logf("round %d: %s after %v: %s", round, r.What, time.Unix(0, r.At).Sub(killed), r.Text)
			if !strings.HasPrefix(r.Text, "audio: the ") {
				t.Errorf("%s says %q", r.What, r.Text)
			}
			if d := time.Unix(0, r.At).Sub(killed); d > noticed {
				t.Errorf("%s was noticed after %v", r.What, d)
			}
			if r.What == "play" && (r.Value < 100*time.Millisecond || r.Value > time.Second+noticed) {
				t.Errorf("played %v of what was heard for about a second", r.Value)
			}
		}
		server.Start()
		restarted := time.Now()
		want = map[string]bool{"heard": true, "speaker": true}
		for len(want) > 0 {
			r := c.next(20 * time.Second)
			if r.Text == "" && want[r.What] {
				delete(want, r.What)
				t.Logf("round %d: %s is back after %v", round, r.What, time.Unix(0, r.At).Sub(restarted))
			}
		}
		c.tell("flush")
		rec := server.Record()
		c.tell("tone 20000")
		time.Sleep(time.Second)
		if first, _ := sounding(rec.Stop(), 0, time.Hour); first < 0 {
			t.Error("nothing is heard of the speaker that is back")
		}
	}
}

func TestMachineWithoutSound(t *testing.T) {
	server := audiotest.NewServer(t)
	c := startChild(t, server.Env(), false)
	if opened := c.await("opened", 15*time.Second); opened.Value > time.Second {
		t.Errorf("opening took %v", opened.Value)
	}
	for want := map[string]bool{"lost": true, "speaker": true}; len(want) > 0; {
		r := c.next(15 * time.Second)
		if want[r.What] && !strings.HasPrefix(r.Text, "audio: ") {
			t.Errorf("%s says %q", r.What, r.Text)
		}
		delete(want, r.What)
	}
	asked := time.Now()
	c.tell("tone 1000")
	if r := c.await("play", 2*noticed); r.Value != 0 || r.Text == "" || time.Since(asked) > noticed {
		t.Errorf("play reports %+v after %v", r, time.Since(asked))
	}
	server.Start()
	c.await("heard", 20*time.Second)
	c.tell("tone 300")
	for r := c.await("play", 15*time.Second); r.Text != ""; r = c.await("play", 15*time.Second) {
		time.Sleep(100 * time.Millisecond)
		c.tell("tone 300")
	}
}

// ALSA's null device takes sound as fast as it is given.
func TestNullDeviceIsNoDevice(t *testing.T) {
	config := filepath.Join(t.TempDir(), "asound.conf")
	if err := os.WriteFile(config, []byte("pcm.!default { type null }\nctl.!default { type null }\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := audiotest.NewServer(t)
	c := startChild(t, append(server.Env(), "ALSA_CONFIG_PATH=/usr/share/alsa/alsa.conf:"+config), false)
	if r := c.await("speaker", 15*time.Second); !strings.HasPrefix(r.Text, "audio: ") {
		t.Errorf("the speaker says %q", r.Text)
	}
	c.tell("tone 1000")
	if r := c.await("play", 15*time.Second); !strings.HasPrefix(r.Text, "audio: ") {
		t.Errorf("play reports %+v", r)
	}
}
