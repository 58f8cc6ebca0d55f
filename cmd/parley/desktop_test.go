package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/history"
	"parley/ui"
)

func TestExporter(t *testing.T) {
	plan := &engine.Plan{Title: "The tides"}
	l := engine.Lesson{Title: "The tides", Markdown: "# The tides\n\nThe moon pulls the sea.", Plan: plan}
	for _, f := range (exporter{}).Formats() {
		name, data, err := exporter{}.Export(l, f)
		if !strings.HasPrefix(name, "the-tides.") {
			t.Errorf("%s is called %q", f, name)
		}
		if err == nil && len(data) == 0 {
			t.Errorf("%s is empty", f)
		}
		if f == ui.MarkdownFile && !strings.Contains(string(data), "The moon pulls") {
			t.Errorf("Markdown is %q, %v", data, err)
		}
	}
	if _, _, err := (exporter{}).Export(l, "pdf"); err == nil {
		t.Error("there is no such format, and no error")
	}
}

func TestRemembered(t *testing.T) {
	store, err := history.OpenMemory(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	told := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	err = store.Facts().Remember(t.Context(), history.Fact{Subject: "exam", Text: "your exam is on Friday", At: told, Source: "my exam is on friday"})
	if err != nil {
		t.Fatal(err)
	}
	r := remembered{&pieces{store: store}}
	facts, err := r.Facts()
	if err != nil || len(facts) != 1 || facts[0].Text != "your exam is on Friday" ||
		facts[0].Source != "my exam is on friday" || !facts[0].Told.Equal(told) {
		t.Fatalf("got %+v, %v", facts, err)
	}
	if err := r.Forget(facts[0].ID); err != nil {
		t.Fatal(err)
	}
	if facts, err := r.Facts(); err != nil || len(facts) != 0 {
		t.Errorf("after it is forgotten: %+v, %v", facts, err)
	}
	if err := r.Forget(facts[0].ID); err == nil { // as another window would
		t.Error("forgotten twice")
	}
}
