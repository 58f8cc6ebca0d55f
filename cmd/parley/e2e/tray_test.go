package e2e

import (
	"bufio"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// tray is a desktop's panel as far as icons in it need one, on a session bus of
// its own.
type tray struct {
	t     *testing.T
	bus   string // its address
	conn  *dbus.Conn
	icons chan dbus.Sender
}

const watcher = "org.kde.StatusNotifierWatcher"

// RegisterStatusNotifierItem is what an icon asks for.
func (p *tray) RegisterStatusNotifierItem(_ string, sender dbus.Sender) *dbus.Error {
	select {
	case p.icons <- sender:
	default: // nobody waits for so many
	}
	return nil
}

func newTray(t *testing.T) *tray {
	t.Helper()
	daemon := tool(t, "dbus-daemon", "dbus-daemon", "--session", "--nofork", "--nosyslog", "--print-address")
	out, err := daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	run(t, daemon)
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	p := &tray{t: t, bus: strings.TrimSpace(address), icons: make(chan dbus.Sender, 4)}
	if p.conn, err = dbus.Connect(p.bus); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.conn.Close() })
	if err := p.conn.Export(p, "/StatusNotifierWatcher", watcher); err != nil {
		t.Fatal(err)
	}
	if _, err := p.conn.RequestName(watcher, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return p
}

// icon waits for the icon that comes into the tray.
func (p *tray) icon() dbus.Sender {
	p.t.Helper()
	select {
	case s := <-p.icons:
		return s
	case <-time.After(patience):
		p.t.Fatalf("no icon in the tray within %v", patience)
		return ""
	}
}

// menu are the entries of an icon's menu by what they say.
func (p *tray) menu(icon dbus.Sender) map[string]int32 {
	p.t.Helper()
	type layout struct {
		ID         int32
		Properties map[string]dbus.Variant
		Children   []dbus.Variant
	}
	var revision uint32
	var root layout
	call := p.conn.Object(string(icon), "/StatusNotifierMenu").Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{})
	if err := call.Store(&revision, &root); err != nil {
		p.t.Fatal(err)
	}
	entries := map[string]int32{}
	for _, child := range root.Children {
		var l layout
		if err := dbus.Store([]any{child.Value()}, &l); err != nil {
			p.t.Fatal(err)
		}
		if words, ok := l.Properties["label"].Value().(string); ok {
			entries[words] = l.ID
		}
	}
	return entries
}

// choose clicks on an entry of an icon's menu.
func (p *tray) choose(icon dbus.Sender, words string) {
	p.t.Helper()
	id, there := p.menu(icon)[words]
	if !there {
		p.t.Fatalf("the tray's menu has no %q: %v", words, p.menu(icon))
	}
	call := p.conn.Object(string(icon), "/StatusNotifierMenu").Call("com.canonical.dbusmenu.Event", 0, id, "clicked", dbus.MakeVariant(""), uint32(0))
	if call.Err != nil {
		p.t.Fatal(call.Err)
	}
}
