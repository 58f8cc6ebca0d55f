package citizen

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// Names on the session's bus.
const (
	busName       = "org.freedesktop.DBus"
	watcherName   = "org.kde.StatusNotifierWatcher" // the tray (StatusNotifierItem)
	notifyService = "org.freedesktop.Notifications"
	notifyPath    = "/org/freedesktop/Notifications"
)

// askWithin is how long an answer of the bus is waited for.
const askWithin = 2 * time.Second

// Bus is the desktop session's bus.
type Bus struct {
	conn  *dbus.Conn
	owner chan *dbus.Signal
	app   string
}

// Connect connects to the session's bus, until ctx ends or Close is called, for
// the program that its desktop entry calls app. It starts none: where there is no
// bus it returns an error.
func Connect(ctx context.Context, app string) (*Bus, error) {
	conn, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err != nil {
		return nil, fmt.Errorf("citizen: no session bus: %w", err)
	}
	if err := hello(conn); err != nil {
		return nil, errors.Join(fmt.Errorf("citizen: no session bus: %w", err), conn.Close())
	}
	b := &Bus{conn: conn, owner: make(chan *dbus.Signal, 16), app: app}
	conn.Signal(b.owner)
	return b, nil
}

// hello is what a connection begins with.
func hello(conn *dbus.Conn) error {
	if err := conn.Auth(nil); err != nil {
		return err
	}
	if err := conn.Hello(); err != nil {
		return err
	}
	return conn.AddMatchSignal(dbus.WithMatchSender(busName), dbus.WithMatchInterface(busName),
		dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, watcherName))
}

// Close leaves the bus.
func (b *Bus) Close() error { return b.conn.Close() }

// HasTray says whether there is a tray now.
func (b *Bus) HasTray() bool {
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	var has bool
	err := b.conn.BusObject().CallWithContext(ctx, busName+".NameHasOwner", 0, watcherName).Store(&has)
	return err == nil && has
}

// awaitTray waits until there is a tray: at login it may begin after us. It
// returns false when ctx or the connection has ended first.
func (b *Bus) awaitTray(ctx context.Context) bool {
	defer b.conn.RemoveSignal(b.owner) // nobody reads on
	for !b.HasTray() {
		select {
		case <-ctx.Done():
			return false
		case _, alive := <-b.owner:
			if !alive {
				return false
			}
		}
	}
	return true
}

// notify shows a notification, where something on this desktop shows them.
func (b *Bus) notify(n notice) error {
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	if !b.offers(ctx, notifyService) {
		return nil
	}
	hints := map[string]dbus.Variant{"desktop-entry": dbus.MakeVariant(b.app)}
	// https://specifications.freedesktop.org/notification-spec/latest/protocol.html
	call := b.conn.Object(notifyService, notifyPath).CallWithContext(ctx, notifyService+".Notify", 0,
		"Parley", uint32(0), b.app, n.title, escapeMarkup(n.text), []string{}, hints, int32(-1))
	if call.Err != nil {
		return fmt.Errorf("citizen: notification not shown: %w", call.Err)
	}
	return nil
}

// escapeMarkup writes plain text as the body of a notification has it.
func escapeMarkup(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// offers says whether a service is there, or would be started when it is asked.
func (b *Bus) offers(ctx context.Context, name string) bool {
	for _, list := range []string{"ListNames", "ListActivatableNames"} {
		var names []string
		if b.conn.BusObject().CallWithContext(ctx, busName+"."+list, 0).Store(&names) == nil && slices.Contains(names, name) {
			return true
		}
	}
	return false
}
