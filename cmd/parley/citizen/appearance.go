package citizen

import (
	"context"
	"time"

	"github.com/godbus/dbus/v5"
)

// The desktop's settings, as programs may know them
// (https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html).
const (
	portalName     = "org.freedesktop.portal.Desktop"
	portalPath     = "/org/freedesktop/portal/desktop"
	portalSettings = "org.freedesktop.portal.Settings"
	appearance     = "org.freedesktop.appearance"
	colorScheme    = "color-scheme"
	preferDark     = uint32(1) // 0: no preference, 2: light
)

// portalWithin is how long the desktop's settings are waited for: the service may
// have to be started first.
const portalWithin = 5 * time.Second

// PrefersDark says whether the desktop asks programs to be dark. One that does not
// say so does not, nor does one without such settings.
func PrefersDark(ctx context.Context) bool {
	b, err := Connect(ctx, "")
	if err != nil {
		return false
	}
	defer func() { _ = b.Close() }() // nothing was written
	ctx, cancel := context.WithTimeout(ctx, portalWithin)
	defer cancel()
	if !b.offers(ctx, portalName) {
		return false
	}
	portal := b.conn.Object(portalName, portalPath)
	var value dbus.Variant
	if portal.CallWithContext(ctx, portalSettings+".ReadOne", 0, appearance, colorScheme).Store(&value) != nil {
		// Before its version 2 there is only this, which wraps the value once more.
		if portal.CallWithContext(ctx, portalSettings+".Read", 0, appearance, colorScheme).Store(&value) != nil {
			return false
		}
		if inner, ok := value.Value().(dbus.Variant); ok {
			value = inner
		}
	}
	scheme, ok := value.Value().(uint32)
	return ok && scheme == preferDark
}
