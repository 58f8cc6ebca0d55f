package citizen

import (
	"testing"

	"github.com/godbus/dbus/v5"
)

// portal has the desktop's settings, in the way of its version 2.
type portal struct{ scheme any }

func (p portal) ReadOne(namespace, key string) (dbus.Variant, *dbus.Error) {
	if namespace != "org.freedesktop.appearance" || key != "color-scheme" {
		return dbus.Variant{}, dbus.NewError("org.freedesktop.portal.Error.NotFound", nil)
	}
	return dbus.MakeVariant(p.scheme), nil
}

// oldPortal has them in the way of its version 1.
type oldPortal struct{ portal }

func (p oldPortal) Read(namespace, key string) (dbus.Variant, *dbus.Error) {
	inner, err := p.portal.ReadOne(namespace, key)
	return dbus.MakeVariant(inner), err
}

// ReadOne hides the method of the version 2.
func (p oldPortal) ReadOne() *dbus.Error { return nil }

func TestPrefersDark(t *testing.T) {
	kill := sessionBus(t)
	if PrefersDark(t.Context()) {
		t.Error("dark without a desktop's settings")
	}
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.RequestName(portalName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		portal any
		dark   bool
	}{
		{"no preference", portal{uint32(0)}, false},
		{"dark", portal{uint32(1)}, true},
		{"light", portal{uint32(2)}, false},
		{"not a number", portal{"dark"}, false},
		{"dark, of old", oldPortal{portal{uint32(1)}}, true},
		{"light, of old", oldPortal{portal{uint32(2)}}, false},
		{"no settings", nil, false},
	} {
		if err := conn.Export(c.portal, portalPath, portalSettings); err != nil {
			t.Fatal(err)
		}
		if got := PrefersDark(t.Context()); got != c.dark {
			t.Errorf("%s: dark is %v", c.name, got)
		}
	}
	kill()
	if PrefersDark(t.Context()) {
		t.Error("dark without a bus")
	}
}
