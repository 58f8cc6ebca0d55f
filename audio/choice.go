package audio

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"

	"github.com/gen2brain/malgo"
)

// tellApart gives each device a choice of its own, and those of the same name a
// number. They are numbered in the order of their IDs, which, unlike the system's
// order, does not change with its default.
func tellApart(devices []Device) {
	order := make([]int, len(devices))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(devices[a].ID, devices[b].ID) })
	count, taken := map[string]int{}, map[string]bool{}
	for _, d := range devices {
		count[d.Name]++
		taken[d.Name] = true
	}
	seen := map[string]int{}
	for _, i := range order {
		d := &devices[i]
		name := d.Name
		d.bare = name
		d.Choice = d.tagged()
		if count[name] == 1 {
			continue
		}
		for free := false; !free; free = !taken[d.Name] { // a device may really be called so
			if seen[name]++; seen[name] == 1 {
				break // the first needs no number
			}
			d.Name = fmt.Sprintf("%s (%d)", name, seen[name])
		}
		taken[d.Name] = true
	}
}

// tagged is the device's bare name with what tells it from others of that name,
// whether there are such now or not: one may come.
func (d Device) tagged() string {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(d.ID)) // never fails
	return fmt.Sprintf("%s [%08x]", d.bare, hash.Sum32())
}

// chosen is the index of the device that a choice means, -1 for none: the very one,
// or else, where the choice is a plain name, the one that is now called so.
func chosen(choice string, devices []Device) int {
	for _, means := range []func(Device) bool{
		func(d Device) bool { return d.tagged() == choice },
		func(d Device) bool { return d.Name == choice },
	} {
		if i := slices.IndexFunc(devices, means); i >= 0 {
			return i
		}
	}
	return -1
}

// devicesOf are a system's devices, in its order.
func devicesOf(infos []malgo.DeviceInfo) []Device {
	devices := make([]Device, 0, len(infos))
	for _, i := range infos {
		devices = append(devices, Device{Name: i.Name(), ID: i.ID.String(), Default: i.IsDefault != 0})
	}
	tellApart(devices)
	return devices
}
