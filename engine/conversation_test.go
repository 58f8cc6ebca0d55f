package engine_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"parley/engine"
	"parley/engine/enginetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func local(cfg engine.Config) engine.Session { return engine.New(cfg) }

// The conformance suite against the local loop; in virtual time its events come
// at the same millisecond every time.
func TestConversationConforms(t *testing.T) {
	for _, p := range enginetest.Conform(t, local) {
		file := filepath.Join("testdata", p.Score.Name+".golden")
		if *update {
			if err := os.WriteFile(file, []byte(p.Log()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Log(); got != string(want) {
			t.Errorf("%s: events differ from %s (go test -update writes it anew); got\n%s", p.Score.Name, file, got)
		}
	}
}
