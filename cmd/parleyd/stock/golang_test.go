package stock

import (
	"strings"
	"testing"
)

func TestOpenAIGo(t *testing.T) {
	p := newTap(t, serve(t))
	said := run(t, golang, p.address)
	type turn struct {
		Order             []string
		Heard, Said, Call string
		Bytes, Tokens     int
		Status            string
	}
	turns := map[string]*turn{"spoken": {}, "call": {}, "called": {}, "lesson": {}}
	for what, one := range turns {
		said.read(t, what, one)
		if one.Status != "completed" || one.Tokens == 0 || !once(one.Order, "response.created", "response.done") {
			t.Errorf("%s ends %q with %d tokens: %q", what, one.Status, one.Tokens, one.Order)
		}
	}
	if one := turns["spoken"]; one.Heard != spoken["time"] || !strings.HasPrefix(one.Said, "It's ") || one.Bytes < 24000 || !inOrder(one.Order, understood...) || !inOrder(one.Order, answered...) {
		t.Errorf("the spoken turn: %+v", one)
	}
	if one := turns["call"]; one.Call != `get_weather {"city":"Paris"}` {
		t.Errorf("the call is %q", one.Call)
	}
	if one := turns["called"]; one.Said != "Sunny in Paris." {
		t.Errorf("after the call it says %q", one.Said)
	}
	if one := turns["lesson"]; one.Said == "" {
		t.Error("nothing is said to who asks for a lesson")
	}
	p.plain(t)
}
