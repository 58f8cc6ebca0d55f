package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"parley/engine"
	"parley/engine/realtime/protocol"
)

// laws checks what holds of the events of a session in every order.
type laws struct {
	items   map[string]string // of the conversation: added, done
	list    []string
	open    map[string]bool // responses; true: of the conversation
	over    map[string]bool
	ids     map[string]bool
	created bool
}

func newLaws() *laws {
	return &laws{items: map[string]string{}, open: map[string]bool{}, over: map[string]bool{}, ids: map[string]bool{}}
}

// see says which law an event breaks.
func (l *laws) see(e protocol.ServerEvent) error {
	if l.ids[e.EventID] {
		return fmt.Errorf("%s comes twice", e.EventID)
	}
	l.ids[e.EventID] = true
	if (e.Type == protocol.SessionCreated) == l.created {
		return errors.New("session.created does not come first, or twice")
	}
	l.created = true
	if _, open := l.open[e.ResponseID]; e.ResponseID != "" && !open && e.Type != protocol.ParleyMetrics {
		return fmt.Errorf("%s comes of a response that is not active", e.Type)
	}
	switch e.Type {
	case protocol.ResponseCreated:
		conversation := e.Response.ConversationID != nil
		for _, other := range l.open {
			if conversation && other {
				return errors.New("two responses of the conversation are active")
			}
		}
		if l.over[e.Response.ID] {
			return errors.New("a response begins twice")
		}
		l.open[e.Response.ID] = conversation
	case protocol.ResponseDone:
		if _, open := l.open[e.Response.ID]; !open {
			return errors.New("a response ends that is not active")
		}
		for _, i := range e.Response.Output {
			if i.Status == inProgress {
				return errors.New("an item is open when its response is done")
			}
		}
		delete(l.open, e.Response.ID)
		l.over[e.Response.ID] = true
	case protocol.ItemAdded:
		return l.add(e)
	case protocol.ItemDone:
		if l.items[e.Item.ID] != "added" {
			return fmt.Errorf("an item is done that is %q", l.items[e.Item.ID])
		}
		l.items[e.Item.ID] = "done"
	case protocol.ItemDeleted:
		for n, id := range l.list {
			if id == e.ItemID {
				l.list = append(l.list[:n], l.list[n+1:]...)
				delete(l.items, e.ItemID)
				return nil
			}
		}
		return errors.New("an item is deleted that is not there")
	}
	return nil
}

// add keeps the list of items as a client does.
func (l *laws) add(e protocol.ServerEvent) error {
	if l.items[e.Item.ID] != "" {
		return errors.New("an item is added twice")
	}
	l.items[e.Item.ID] = "added"
	at := 0
	if e.PreviousItemID != nil {
		for at = 0; at < len(l.list) && l.list[at] != *e.PreviousItemID; at++ {
		}
		if at++; at > len(l.list) {
			return errors.New("an item comes after one that is not there")
		}
	}
	l.list = append(l.list[:at], append([]string{e.Item.ID}, l.list[at:]...)...)
	return nil
}

// anything answers in one of many ways.
func anything(ctx context.Context, req engine.Request, yield func(engine.Reply, error) bool) {
	switch len(req.Text) % 6 {
	case 0:
		echoes(ctx, req, yield)
	case 1:
		slowly(ctx, req, yield)
	case 2:
		_ = yield(engine.Words{Text: "One moment. "}, nil) && yield(engine.Call{Name: "f"}, nil) && yield(engine.Words{Text: "So."}, nil)
	case 3:
		_ = yield(engine.Words{Text: "Well, "}, nil) && yield(nil, errors.New("mind: no idea"))
	case 4:
		for range 30 {
			if !yield(engine.Words{Text: "On and on it goes. "}, nil) {
				return
			}
		}
	}
}

// events is what clients may send, in any order. # is an item that there may be.
var events = []string{
	noTurns, detection(`{"type":"server_vad","idle_timeout_ms":5000}`), detection(`{"type":"semantic_vad","interrupt_response":false}`),
	`{"type":"session.update","session":{"output_modalities":["text"]}}`, `{"type":"session.update","session":{"output_modalities":["audio"]}}`,
	`{"type":"session.update","session":{"audio":{"input":{"format":{"type":"audio/pcm","rate":24000}}}}}`,
	`{"type":"response.create"}`, `{"type":"response.create"}`, `{"type":"response.create"}`, `{"type":"response.cancel"}`,
	`{"type":"response.create","response":{"conversation":"none","input":[{"type":"item_reference","id":"#"}]}}`,
	`{"type":"response.create","response":{"conversation":"none","max_output_tokens":3}}`,
	`{"type":"input_audio_buffer.commit"}`, `{"type":"input_audio_buffer.clear"}`, `{"type":"x_parley.pause","event_id":"p"}`,
	`{"type":"conversation.item.delete","item_id":"#"}`, `{"type":"conversation.item.retrieve","item_id":"#"}`,
	`{"type":"conversation.item.truncate","item_id":"#","content_index":0,"audio_end_ms":300}`,
	`{"type":"conversation.item.create","previous_item_id":"#","item":{"type":"function_call_output","call_id":"c","output":"x"}}`,
	`{"type":"conversation.item.create","previous_item_id":"root","item":{"type":"message","role":"system","content":[{"type":"input_text","text":"x"}]}}`,
	says(""), says("a"), says("ab"), says("abc"), says("abcd"), says("please teach me knots"),
	`{"type":"x_parley.lesson.create","lesson":{"id":"l","topic":"t"}}`, `{"type":"x_parley.lesson.cancel","lesson":{"id":"l"}}`,
	`nonsense`, "voice", "voice", "silence", "silence", "wait", "long wait", "cut",
}

func TestLawsHoldInEveryOrder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		orders := rapid.SliceOfN(rapid.SampledFrom(events), 1, 25).Draw(r, "events")
		picks := rapid.SliceOfN(rapid.IntRange(0, 20), len(orders), len(orders)).Draw(r, "items")
		all := rapid.Bool().Draw(r, "extensions")
		synctest.Test(t, func(t *testing.T) {
			if err := perform(t, orders, picks, all); err != nil {
				r.Fatal(err)
			}
		})
	})
}

// perform sends events and says which law was broken.
func perform(t *testing.T, orders []string, picks []int, all bool) error {
	var kept Resumable
	o := Options{Limits: Limits{Items: 12, Ring: 1 << 20}, Resumable: &kept}
	if all {
		o.Extensions = extensions
	}
	b := backend(anything)
	w, law, seen := newWire(), newLaws(), 0
	end := make(chan error, 1)
	go func() { end <- Serve(context.Background(), b, w, o) }()
	look := func() error {
		synctest.Wait()
		got := w.all()
		for _, e := range got[seen:] {
			if err := law.see(e); err != nil {
				return fmt.Errorf("%w: %v", err, types(got))
			}
			if !all && strings.HasPrefix(e.Type, "x_parley") {
				return fmt.Errorf("%s comes though nobody asked for it", e.Type)
			}
			if e.Resume != nil {
				o.Resume = e.Resume.Token
			}
		}
		seen = len(got)
		return nil
	}
	for n, order := range orders {
		if err := look(); err != nil {
			return err
		}
		send := func(e string) { w.up <- []byte(e) }
		switch order {
		case "voice", "silence":
			samples := make([]int16, 480)
			if order == "voice" {
				samples = tone(480)
			}
			for range 30 {
				send(sound(samples))
				time.Sleep(20 * time.Millisecond)
			}
		case "wait":
			time.Sleep(300 * time.Millisecond)
		case "long wait":
			time.Sleep(8 * time.Second)
		case "cut":
			if o.Resume == "" {
				continue
			}
			last := w.all()[seen-1].EventID
			w.close()
			if err := <-end; err != nil {
				return fmt.Errorf("a cut session ends by %w", err)
			}
			time.Sleep(time.Duration(picks[n]) * 100 * time.Millisecond)
			again := o
			again.Resume += "; last=" + last
			w, seen = newWire(), 1 // session.created has the last event's id
			go func() { end <- Serve(context.Background(), b, w, again) }()
		default:
			if strings.Contains(order, "#") && len(law.list) > 0 {
				order = strings.ReplaceAll(order, "#", law.list[picks[n]%len(law.list)])
			}
			send(order)
		}
	}
	time.Sleep(3 * time.Minute) // everything comes to its end
	if err := look(); err != nil {
		return err
	}
	if len(law.open) != 0 {
		return fmt.Errorf("responses do not end: %v", types(w.all()))
	}
	for id, how := range law.items {
		if how != "done" {
			return fmt.Errorf("the item %s is not done", id)
		}
	}
	w.close()
	if err := <-end; err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	kept.Close()
	if len(w.wrong) > 0 {
		return errors.New(w.wrong[0])
	}
	return nil
}

func FuzzSession(f *testing.F) {
	for _, e := range events {
		f.Add([]byte(e), []byte(`{"type":"response.create"}`))
	}
	f.Add([]byte(detection(`{"interrupt_response":false}`)), []byte(detection(`{"type":"server_vad","interrupt_response":null}`)))
	f.Add([]byte(sound(tone(480))), []byte(`{"type":"input_audio_buffer.commit"}`))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		w := newWire()
		end := make(chan error, 1)
		go func() {
			end <- Serve(context.Background(), backend(echoes), w, Options{Extensions: extensions, Limits: Limits{Text: 1 << 16, Message: 1 << 20}})
		}()
		for _, m := range [][]byte{[]byte(noTurns), first, second, first} {
			w.up <- m
		}
		w.close()
		if err := <-end; err != nil {
			t.Error(err)
		}
		law := newLaws()
		for _, e := range w.all() {
			if err := law.see(e); err != nil {
				t.Errorf("%v: %v", err, types(w.all()))
			}
		}
		for _, wrong := range w.wrong {
			t.Error(wrong)
		}
	})
}
