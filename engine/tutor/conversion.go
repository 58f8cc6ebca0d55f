package tutor

import "context"

var conversions = compile(
	"convert {from} (to|into|in) {to}",
	"(what is|what are|how much is|how much are|how long is|how far is|how tall is|how big is|how fast is|how hot is|how cold is|how heavy is|how many is|change) {from} (in|to|into|as) {to}",
	"how many {to} (are|is|~or|~our|were) [there] (in|to) {from}",
	"how many {to} (in|to|make|makes|make up|does it take to make|are equal to) {from}",
	"how many {to} (do|does) {from} (have|make|equal|contain|weigh|hold)",
	"how (much|many) (is|are) {from} (in|to) {to}",
	"how many {to} (is|are|equals|equal) {from}",
	"{from} (in|to|into|as) {to}",
)

func (t *Tutor) conversionSkills() []Skill {
	return []Skill{{
		Name:        "convert",
		Description: "Converts between units of length, mass, volume, temperature, time, speed, area, data and energy.",
		Args: []Arg{
			{"from", Text, `A quantity: "ten kilometers", "5 feet 11 inches", "a mile".`, true},
			{"to", Text, `A unit: "miles".`, true},
		},
		phrases: conversions,
		match: func(h heard, _ scene) (args, bool) {
			for i := range conversions {
				m, ok := conversions[i : i+1].match(h.text)
				if !ok {
					continue
				}
				_, known := parseQuantity(m.text("from"))
				u, used := readUnit(quantityWords(m.text("to")))
				if known && u != nil && used == len(quantityWords(m.text("to"))) {
					return m, true
				}
			}
			return nil, false
		},
		do: func(_ context.Context, _ scene, a args) (Answer, error) {
			q, ok := parseQuantity(a.text("from"))
			to, used := readUnit(quantityWords(a.text("to")))
			if !ok || used != len(quantityWords(a.text("to"))) {
				return say("I don't know one of those units."), nil
			}
			return converted(q, to), nil
		},
	}}
}

// converted says what q is in another unit.
func converted(q quantity, to *unit) Answer {
	if q.unit.one == "degree" { // of which scale? the other one
		q.unit = unitNames["celsius"]
		if to == q.unit {
			q.unit = unitNames["fahrenheit"]
		}
		q.words = amount(q.v, q.unit)
	}
	// Ounces are of volume where the other unit is.
	if q.unit.one == "ounce" && to.dim == "volume" {
		q.unit = unitNames["fluid ounce"]
		q.words = amount(q.v, q.unit)
	}
	if to.one == "ounce" && q.unit.dim == "volume" {
		to = unitNames["fluid ounce"]
	}
	if q.unit.dim != to.dim {
		return say(capital(q.unit.many) + " measure " + string(q.unit.dim) + " and " + to.many + " measure " + string(to.dim) + ", so I can't convert one to the other.")
	}
	if q.unit.one == "year" && to.scale <= unitNames["week"].scale {
		year := *q.unit
		year.scale = 365 * 86400 // people ask for a common year, not for the mean one
		q.unit = &year
	}
	base := q.v*q.unit.scale + q.unit.shift
	if q.unit.dim == "temperature" && base < -1e-9 {
		return say("Nothing can be that cold: absolute zero is minus 273.15 degrees Celsius.")
	}
	v := (base - to.shift) / to.scale
	return say(capital(q.words) + " is " + rough(v) + " " + plural(v, to.one, to.many) + ".")
}
