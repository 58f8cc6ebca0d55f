package stock

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/audio/pcm"
	"parley/engine/flite"
	"parley/engine/npmtest"
)

// patience is how long a client may take on a machine that is busy.
const patience = 3 * time.Minute

// spoken are the recordings that clients find, by name.
var spoken = map[string]string{"time": "what time is it"}

// serve runs parleyd with its own engines until the test ends, and returns its address
// when it understands speech.
func serve(t *testing.T) string {
	t.Helper()
	cmd := exec.Command(parleyd, "serve", "--listen", "127.0.0.1:0", "--tokens", filepath.Join(t.TempDir(), "none"),
		"--transcribers", "2", "--language-model", "none")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	serving := make(chan string, 1)
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(serving)
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			var line struct{ Msg, Address, Level string }
			_ = json.Unmarshal(lines.Bytes(), &line)
			switch {
			case line.Msg == "serving":
				serving <- line.Address
			case line.Level == "ERROR":
				t.Errorf("parleyd: %s", lines.Text())
			}
		}
		_ = cmd.Wait()
	})
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		reading.Wait()
		http.DefaultClient.CloseIdleConnections()
	})
	address := <-serving
	if address == "" {
		t.Fatal("parleyd does not serve")
	}
	for until := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		answer, err := http.Get("http://" + address + "/readyz")
		if err == nil {
			answer.Body.Close()
		}
		if err == nil && answer.StatusCode == http.StatusOK {
			return address
		}
		if time.Now().After(until) {
			t.Fatalf("parleyd is never ready: %v", err)
		}
	}
}

// recordings is a folder that has what is spoken.
func recordings(t *testing.T) string {
	t.Helper()
	voice, err := flite.New(flite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range spoken {
		frame := pcm.Frame{Rate: 16000}
		for speech, err := range voice.Synthesize(t.Context(), text) {
			if err != nil {
				t.Fatal(err)
			}
			frame.Rate = speech.Frame.Rate
			frame.Samples = append(frame.Samples, speech.Frame.Samples...)
		}
		frame, err := pcm.Resample(frame, 24000)
		if err != nil {
			t.Fatal(err)
		}
		var sound bytes.Buffer
		_ = binary.Write(&sound, binary.LittleEndian, frame.Samples)
		if err := os.WriteFile(filepath.Join(dir, name+".pcm"), sound.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// line is what a client prints: a name, and what is under it.
type line struct {
	What string
	JSON []byte
}

// lines are all that a client printed.
type lines []line

// node runs one of the clients in JavaScript against parleyd.
func node(t *testing.T, client, address string) lines {
	t.Helper()
	dir := t.TempDir() // where it finds the packages
	if err := os.CopyFS(dir, os.DirFS("clients")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(packages, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return run(t, npmtest.Node(packages), filepath.Join(dir, client), address)
}

// run runs a client until it ends. An error that it reports is one of the test's.
func run(t *testing.T, program string, args ...string) lines {
	t.Helper()
	address := args[len(args)-1]
	args[len(args)-1] = "http://" + address + "/v1"
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, append(args, recordings(t))...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &out, &errs, 5*time.Second
	err := cmd.Run()
	var all lines
	for text := range strings.Lines(out.String()) {
		one := line{JSON: []byte(text)}
		if err := json.Unmarshal(one.JSON, &one); err != nil {
			t.Errorf("%s prints %q: %v", program, text, err)
		}
		if one.What == "error" {
			t.Errorf("it is told %s", text)
		}
		all = append(all, one)
	}
	if err != nil {
		t.Fatalf("%s %v: %v\n%s%s", program, args, err, out.String(), errs.String())
	}
	return all
}

// read decodes the line of this name.
func (l lines) read(t *testing.T, what string, into any) {
	t.Helper()
	i := slices.IndexFunc(l, func(one line) bool { return one.What == what })
	if i < 0 {
		t.Errorf("it never says %q", what)
		return
	}
	t.Logf("%.600s", l[i].JSON)
	if err := json.Unmarshal(l[i].JSON, into); err != nil {
		t.Errorf("%s: %v", what, err)
	}
}
