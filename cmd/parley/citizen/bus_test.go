package citizen

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"parley/engine"
)

// panel is a desktop's panel with a tray, and what shows notifications.
type panel struct {
	conn       *dbus.Conn
	registered chan dbus.Sender
	told       chan notice
}

// RegisterStatusNotifierItem is the watcher's method.
func (p *panel) RegisterStatusNotifierItem(_ string, sender dbus.Sender) *dbus.Error {
	p.registered <- sender
	return nil
}

// Notify is the notification server's.
func (p *panel) Notify(_ string, _ uint32, _, title, text string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	p.told <- notice{title, text}
	return 1, nil
}

// sessionBus starts a private bus, which is the session's for this test, and
// returns what ends it.
func sessionBus(t *testing.T) (kill func()) {
	t.Helper()
	daemon := exec.CommandContext(t.Context(), "dbus-daemon", "--session", "--nofork", "--nosyslog", "--print-address")
	out, err := daemon.StdoutPipe()
	if err == nil {
		err = daemon.Start()
	}
	if err != nil {
		t.Fatalf("%v: apt-get install dbus-daemon", err)
	}
	kill = sync.OnceFunc(func() {
		_ = daemon.Process.Kill()
		_ = daemon.Wait() // killed
	})
	t.Cleanup(kill)
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", strings.TrimSpace(address))
	return kill
}

func newPanel(t *testing.T) *panel {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	p := &panel{conn: conn, registered: make(chan dbus.Sender, 8), told: make(chan notice, 8)}
	for _, err := range []error{
		conn.Export(p, "/StatusNotifierWatcher", watcherName),
		conn.Export(p, notifyPath, notifyService),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func (p *panel) take(t *testing.T, name string) {
	t.Helper()
	if _, err := p.conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
}

// layout is a menu, as the panel is told of it.
type layout struct {
	ID         int32
	Properties map[string]dbus.Variant
	Children   []dbus.Variant
}

// items are the labels and identities of the item's menu.
func (p *panel) items(t *testing.T, item dbus.Sender) map[string]int32 {
	t.Helper()
	var revision uint32
	var root layout
	err := p.conn.Object(string(item), "/StatusNotifierMenu").Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int32{}
	for _, child := range root.Children {
		var l layout
		if err := dbus.Store([]any{child.Value()}, &l); err != nil {
			t.Fatal(err)
		}
		if label, ok := l.Properties["label"].Value().(string); ok {
			found[label] = l.ID
		}
	}
	return found
}

func (p *panel) click(t *testing.T, item dbus.Sender, label string) {
	t.Helper()
	id, there := p.items(t, item)[label]
	if !there {
		t.Fatalf("the menu has no %q but %v", label, p.items(t, item))
	}
	call := p.conn.Object(string(item), "/StatusNotifierMenu").Call("com.canonical.dbusmenu.Event", 0, id, "clicked", dbus.MakeVariant(""), uint32(0))
	if call.Err != nil {
		t.Fatal(call.Err)
	}
}

// pixels is the side of the item's icon.
func (p *panel) pixels(t *testing.T, item dbus.Sender) int32 {
	t.Helper()
	v, err := p.conn.Object(string(item), "/StatusNotifierItem").GetProperty("org.kde.StatusNotifierItem.IconPixmap")
	if err != nil {
		t.Fatal(err)
	}
	var icons []struct {
		W, H int32
		Data []byte
	}
	if err := dbus.Store([]any{v.Value()}, &icons); err != nil || len(icons) != 1 || len(icons[0].Data) != int(icons[0].W*icons[0].H*4) {
		t.Fatalf("%v: %d icons", err, len(icons))
	}
	return icons[0].W
}

// alone runs the test in a process of its own, since the tray's library works
// once in a process; it is false in that process.
func alone(t *testing.T) bool {
	t.Helper()
	const there = "PARLEY_TEST_ALONE"
	if os.Getenv(there) != "" {
		return false
	}
	test := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1", "-test.v")
	test.Env = append(os.Environ(), there+"=1")
	out, err := test.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("%v:\n%s", err, out)
	}
	return true
}

// TestDesktop lives on a real bus, with a panel that comes after us, as at login.
func TestDesktop(t *testing.T) {
	if alone(t) {
		return
	}
	kill := sessionBus(t)
	l := life{
		session: &fakeSession{events: make(chan engine.Event), sent: make(chan engine.Command, 8)},
		desktop: &fakeDesktop{shown: make(chan struct{}, 8), quit: make(chan struct{}, 8)},
	}
	l.desktop.hidden.Store(true)
	l.Citizen = New(Options{Session: l.session, Desktop: l.desktop, App: "org.parley.Parley"})
	ctx, end := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); l.Run(ctx) }()

	l.event(t, 0, engine.Snapshot{State: engine.StateChanged{State: engine.Listening}})
	l.event(t, 1, engine.ReplyDone{Text: "nobody shows this"})
	if l.Closing() {
		t.Error("hidden before there is a tray")
	}
	p := newPanel(t)
	p.take(t, watcherName)
	item := wait(t, "the icon", p.registered)
	if side := p.pixels(t, item); side != 64 {
		t.Errorf("the icon is %d wide", side)
	}
	if !l.Closing() {
		t.Error("not hidden where there is a tray")
	}
	p.click(t, item, "Mute")
	if c := wait(t, "a command", l.session.sent); c != (engine.Mute{On: true}) {
		t.Errorf("Mute sends %+v", c)
	}
	p.click(t, item, "Show Parley")
	wait(t, "the window", l.desktop.shown)

	l.event(t, 0, engine.StateChanged{State: engine.Speaking})
	for until := time.Now().Add(patience); p.items(t, item)["Talking"] == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("the menu shows %v", p.items(t, item))
		}
	}

	p.take(t, notifyService)
	l.event(t, 2, engine.ReplyDone{Text: "Your timer: 3 < 4 & done."})
	if n := wait(t, "a notification", p.told); n != (notice{"Parley", "Your timer: 3 &lt; 4 &amp; done."}) {
		t.Errorf("told %+v", n)
	}
	p.click(t, item, "Quit")
	wait(t, "the end", l.desktop.quit)

	kill() // at logout the bus may go first
	l.event(t, 0, engine.StateChanged{State: engine.Muted, Muted: true})
	l.event(t, 3, engine.ReplyDone{Text: "nobody shows this"})
	if l.Closing() {
		t.Error("hidden where there is no tray any more")
	}
	end()
	wait(t, "the end", done)
}

func TestNoBus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+t.TempDir()+"/none")
	if b, err := Connect(t.Context(), "x"); err == nil || !strings.HasPrefix(err.Error(), "citizen: ") {
		t.Errorf("%v, %v", b, err)
	}
}
