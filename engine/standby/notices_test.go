package standby

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestNotices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var one, two Notices
		one.Say("before")
		go func() {
			time.Sleep(time.Second)
			two.Say("from another")
			time.Sleep(time.Second)
			one.Say("after")
		}()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var got []string
		for sentence := range (Announcers{&one, &two}).Announcements(ctx) {
			got = append(got, sentence)
		}
		if want := []string{"before", "from another", "after"}; !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	})
}

// Notices that nobody hears do not pile up.
func TestNoticesBounded(t *testing.T) {
	var n Notices
	for i := range 10 {
		n.Say(fmt.Sprint(i))
	}
	if got := n.take(); !slices.Equal(got, []string{"6", "7", "8", "9"}) {
		t.Errorf("got %q", got)
	}
}

func TestAnnouncersStopped(t *testing.T) {
	var n Notices
	n.Say("one")
	for range (Announcers{&n}).Announcements(t.Context()) {
		break
	}
}
