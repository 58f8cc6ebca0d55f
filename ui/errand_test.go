package ui

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestErrandsInTheirOrder(t *testing.T) {
	var done []string
	carry(t, nil, nil, func(b *bridge, _ *fakeSession, log *canvasLog) {
		began := time.Now()
		for _, name := range []string{"one", "two"} {
			b.dispatch(func() func() {
				time.Sleep(time.Second)
				done = append(done, name)
				return func() { done = append(done, name+" is shown") }
			})
		}
		b.dispatch(func() func() { b.notice("three"); return nil })
		if waited := time.Since(began); waited > 0 {
			t.Errorf("dispatch waits for %v", waited)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if got := log.last().Thread.last(); got.Text != "three" || got.Kind != NoticeRow {
			t.Errorf("the conversation says %q", got.Text)
		}
	})
	if want := []string{"one", "one is shown", "two", "two is shown"}; !slices.Equal(done, want) {
		t.Errorf("done %q, want %q", done, want)
	}
}

// TestErrandsOutlastTheWindow closes it over what was asked for.
func TestErrandsOutlastTheWindow(t *testing.T) {
	forgotten, shown := 0, 0
	carry(t, nil, nil, func(b *bridge, _ *fakeSession, _ *canvasLog) {
		for range 2 {
			b.dispatch(func() func() {
				time.Sleep(time.Second)
				forgotten++
				return func() { shown++ }
			})
		}
	})
	if forgotten != 2 || shown != 0 {
		t.Errorf("%d of 2 errands were done, %d shown in a closed window", forgotten, shown)
	}
}
