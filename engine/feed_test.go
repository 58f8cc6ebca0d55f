package engine

import (
	"context"
	"slices"
	"testing"
)

func TestFeed(t *testing.T) {
	f := NewFeed[string]()
	f.Push([]int16{1})
	f.SoftEnd("a pause")
	f.Push([]int16{2})
	var got []int
	for frame := range f.Frames(t.Context()) {
		got = append(got, len(frame.Samples))
		switch len(got) {
		case 1:
			if mark := f.Reached(); mark != "" {
				t.Errorf("before the soft end %q is reached", mark)
			}
		case 2:
			if mark := f.Reached(); mark != "a pause" {
				t.Errorf("%q is reached", mark)
			}
		case 3:
			go func() {
				f.Push([]int16{3})
				f.End()
				f.Push([]int16{4}) // too late
			}()
		}
	}
	if !slices.Equal(got, []int{1, 0, 1, 1}) {
		t.Errorf("the frames have %v samples", got)
	}
}

func TestFeedEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	f := NewFeed[int]()
	f.Push([]int16{1})
	for range f.Frames(ctx) {
		cancel()
	}
}
