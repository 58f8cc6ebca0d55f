package pcm

import (
	"slices"
	"sync"
	"testing"
)

func TestRingCarriesSamplesInOrder(t *testing.T) {
	r := NewRing(100)
	const total = 50000
	var wg sync.WaitGroup
	wg.Go(func() {
		next := 0
		for next < total {
			var part [37]int16
			n := min(len(part), total-next)
			for i := range n {
				part[i] = int16(next + i)
			}
			next += r.Write(part[:n])
		}
	})
	var part [53]int16
	for got := 0; got < total; {
		n := r.Read(part[:])
		for i := range n {
			if part[i] != int16(got+i) {
				t.Fatalf("sample %d is %d", got+i, part[i])
			}
		}
		got += n
	}
	wg.Wait()
}

func TestRingClear(t *testing.T) {
	r := NewRing(8)
	r.Write([]int16{1, 2, 3})
	r.Clear()
	if r.Len() != 0 {
		t.Errorf("%d samples wait after Clear", r.Len())
	}
	r.Write([]int16{4, 5})
	got := make([]int16, 8)
	if n := r.Read(got); !slices.Equal(got[:n], []int16{4, 5}) {
		t.Errorf("read %v", got[:n])
	}
	if r.Position() != 5 || r.Written() != 5 {
		t.Errorf("position %d of %d, want 5 of 5", r.Position(), r.Written())
	}
}

func TestRingTakesNoMoreThanFits(t *testing.T) {
	r := NewRing(4)
	if n := r.Write(make([]int16, 9)); n != 4 || r.Cap() != 4 {
		t.Errorf("took %d samples into a ring of %d", n, r.Cap())
	}
}
