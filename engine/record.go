package engine

import (
	"context"
	"errors"
	"slices"
	"time"
)

// saveWithin bounds how long the loop may wait for the store.
const saveWithin = 2 * time.Second

var errNoStore = errors.New("engine: conversations are not being kept")

// record is the current conversation: its turns in memory, and, where there is
// a store, on disk.
type record struct {
	store Store
	info  ConversationInfo
	turns []Turn
	last  Lesson // the last one finished
}

// open makes t the current conversation.
func (r *record) open(t Transcript) {
	r.info, r.turns, r.last = t.Info, slices.Clip(t.Turns), t.Lesson
}

// load fetches a stored conversation.
func (r *record) load(ctx context.Context, id ConversationID) (Transcript, error) {
	if r.store == nil {
		return Transcript{}, errNoStore
	}
	ctx, cancel := context.WithTimeout(ctx, saveWithin)
	defer cancel()
	return r.store.Conversation(ctx, id)
}

// add keeps a finished turn. The turn is part of the conversation even when
// the store refuses it.
func (r *record) add(t Turn) error {
	r.turns = append(r.turns, t)
	if r.info.Began.IsZero() {
		r.info.Began = t.At
	}
	if r.info.Title == "" && t.Who == User {
		r.info.Title = t.Text
	}
	r.info.Turns = len(r.turns)
	return r.save(func(ctx context.Context) error { return r.store.SaveTurn(ctx, r.info.ID, t) })
}

// addLesson keeps a finished lesson and returns it with its number. The lesson is
// part of the conversation even when the store refuses it.
func (r *record) addLesson(l Lesson, at time.Time) (Lesson, error) {
	err := r.save(func(ctx context.Context) (err error) {
		l.ID, err = r.store.SaveLesson(ctx, r.info.ID, l, at)
		return err
	})
	r.last = l
	return l, err
}

// save runs write with a stored conversation to write to. It does not end with
// the session: what is finished is kept.
func (r *record) save(write func(context.Context) error) error {
	if r.store == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), saveWithin)
	defer cancel()
	if r.info.ID == 0 {
		id, err := r.store.BeginConversation(ctx, r.info.Began)
		if err != nil {
			return err
		}
		r.info.ID = id
	}
	return write(ctx)
}
