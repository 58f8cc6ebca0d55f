package bench

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

const someTeaching = "# made up\r\nlesson\tteach me about tides\r\n\nlesson\twhat is gravity\nfact\tremember that my name is ada\nnone\twhat time is it\nnone\thello\n"

func TestTeachingAsJSON(t *testing.T) {
	dir := directoryWith(t, map[string]string{"said.tsv": someTeaching})
	out, errs, status := run(t, "teaching", "--json", filepath.Join(dir, "said.tsv"))
	if status != 0 || errs != "" {
		t.Fatalf("status %d: %s", status, errs)
	}
	type score struct{ Precision, Recall float64 }
	var r struct {
		Lesson, Fact, None score
		P99                float64 `json:"p99_ms"`
	}
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		t.Fatal(err)
	}
	if r.Lesson != (score{1, 0.5}) || r.Fact != (score{1, 1}) || r.None != (score{2.0 / 3, 1}) || r.P99 <= 0 || r.P99 > 100 {
		t.Errorf("got %s", out)
	}
}

func TestTeachingAsTable(t *testing.T) {
	dir := directoryWith(t, map[string]string{"said.tsv": someTeaching})
	out, _, status := run(t, "teaching", "--missed", filepath.Join(dir, "said.tsv"))
	if status != 0 || !strings.Contains(out, "lesson  2           1.000      0.500\n") || !strings.Contains(out, "not none:") || !strings.Contains(out, "what is gravity") || !strings.Contains(out, "ms (p99)") {
		t.Errorf("status %d:\n%s", status, out)
	}
}

func TestTeachingSaysWhatIsWrong(t *testing.T) {
	dir := directoryWith(t, map[string]string{"label.tsv": "lesson\tteach me chess\nquiz\tquiz me\n", "tab.tsv": "lesson teach me chess\n", "empty.tsv": "# nothing\n"})
	for _, test := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"label.tsv"}, 1, "line 2: want lesson, fact or none, a tab and what is said"},
		{[]string{"tab.tsv"}, 1, "line 1: want lesson, fact or none"},
		{[]string{"empty.tsv"}, 1, "there are no utterances in it"},
		{[]string{"none.tsv"}, 1, "no such file"},
		{nil, 2, "want one file, got 0 arguments"},
		{[]string{"a", "b"}, 2, "want one file, got 2 arguments"},
	} {
		args := []string{"teaching"}
		for _, name := range test.args {
			args = append(args, filepath.Join(dir, name))
		}
		_, errs, status := run(t, args...)
		if status != test.status || !strings.Contains(errs, test.says) {
			t.Errorf("%v: status %d: %s", test.args, status, errs)
		}
	}
}
