package tutor

import (
	"context"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // the machine may have no zone files

	"parley/engine/wordnet"
)

// zones are places whose time is asked for, by the name of their time zone in
// the IANA database.
var zones = map[string]string{
	"london": "Europe/London", "england": "Europe/London", "the uk": "Europe/London", "dublin": "Europe/Dublin", "ireland": "Europe/Dublin",
	"lisbon": "Europe/Lisbon", "portugal": "Europe/Lisbon", "paris": "Europe/Paris", "france": "Europe/Paris", "berlin": "Europe/Berlin",
	"germany": "Europe/Berlin", "madrid": "Europe/Madrid", "spain": "Europe/Madrid", "rome": "Europe/Rome", "italy": "Europe/Rome",
	"vienna": "Europe/Vienna", "austria": "Europe/Vienna", "zurich": "Europe/Zurich", "switzerland": "Europe/Zurich", "amsterdam": "Europe/Amsterdam",
	"brussels": "Europe/Brussels", "prague": "Europe/Prague", "warsaw": "Europe/Warsaw", "poland": "Europe/Warsaw", "stockholm": "Europe/Stockholm",
	"sweden": "Europe/Stockholm", "oslo": "Europe/Oslo", "norway": "Europe/Oslo", "copenhagen": "Europe/Copenhagen", "denmark": "Europe/Copenhagen",
	"helsinki": "Europe/Helsinki", "finland": "Europe/Helsinki", "athens": "Europe/Athens", "greece": "Europe/Athens", "istanbul": "Europe/Istanbul",
	"turkey": "Europe/Istanbul", "kiev": "Europe/Kyiv", "moscow": "Europe/Moscow", "cairo": "Africa/Cairo", "egypt": "Africa/Cairo",
	"nairobi": "Africa/Nairobi", "kenya": "Africa/Nairobi", "lagos": "Africa/Lagos", "johannesburg": "Africa/Johannesburg", "south africa": "Africa/Johannesburg",
	"dubai": "Asia/Dubai", "tehran": "Asia/Tehran", "karachi": "Asia/Karachi", "delhi": "Asia/Kolkata", "mumbai": "Asia/Kolkata", "india": "Asia/Kolkata",
	"bangkok": "Asia/Bangkok", "jakarta": "Asia/Jakarta", "singapore": "Asia/Singapore", "hong kong": "Asia/Hong_Kong", "beijing": "Asia/Shanghai",
	"shanghai": "Asia/Shanghai", "china": "Asia/Shanghai", "seoul": "Asia/Seoul", "korea": "Asia/Seoul", "tokyo": "Asia/Tokyo", "japan": "Asia/Tokyo",
	"sydney": "Australia/Sydney", "melbourne": "Australia/Melbourne", "perth": "Australia/Perth", "auckland": "Pacific/Auckland", "new zealand": "Pacific/Auckland",
	"honolulu": "Pacific/Honolulu", "hawaii": "Pacific/Honolulu", "los angeles": "America/Los_Angeles", "california": "America/Los_Angeles",
	"san francisco": "America/Los_Angeles", "seattle": "America/Los_Angeles", "vancouver": "America/Vancouver", "denver": "America/Denver",
	"chicago": "America/Chicago", "texas": "America/Chicago", "mexico city": "America/Mexico_City", "mexico": "America/Mexico_City", "new york": "America/New_York",
	"boston": "America/New_York", "washington": "America/New_York", "miami": "America/New_York", "toronto": "America/Toronto", "bogota": "America/Bogota",
	"lima": "America/Lima", "buenos aires": "America/Argentina/Buenos_Aires", "argentina": "America/Argentina/Buenos_Aires",
	"sao paulo": "America/Sao_Paulo", "rio de janeiro": "America/Sao_Paulo", "reykjavik": "Atlantic/Reykjavik", "iceland": "Atlantic/Reykjavik", "utc": "UTC",
}

func (t *Tutor) placeSkills() []Skill {
	place := []Arg{{"place", Text, "A country or a city.", true}}
	return []Skill{
		{
			Name:        "time_in",
			Description: "Tells the time of day elsewhere.",
			Args:        place,
			phrases:     compile("what time is it [now] in {place}", "what is the [current] time in {place}", "[what] time in {place} [now]", "what time (it is|is) in {place}", "how late is it in {place}"),
			do: func(_ context.Context, sc scene, a args) (Answer, error) {
				name := a.text("place")
				zone, known := zones[strings.TrimSuffix(strings.ToLower(name), " now")]
				if !known {
					return say("I don't know which time zone " + name + " is in."), nil
				}
				loc, err := time.LoadLocation(zone)
				if err != nil {
					return Answer{}, fmt.Errorf("tutor: time in a place: %w", err)
				}
				there := sc.at.In(loc)
				sentence := "In " + capitals(name) + " it's " + clockTime(there)
				if there.Day() != sc.at.Day() {
					sentence += " on " + there.Weekday().String()
				}
				return say(sentence + "."), nil
			},
		},
		{
			Name:        "capital",
			Description: "Names the capital of a country or a state.",
			Args:        place,
			phrases:     compile("what (is|was) [the] capital [city] of [the] {place}", "what (is|was) {place} capital [city]", "[the] capital [city] of {place}", "what city is the capital of {place}"),
			do:          func(_ context.Context, sc scene, a args) (Answer, error) { return t.capitalOf(a.text("place"), sc) },
		},
	}
}

// capitalOf looks among the cities of a place for the one that is called a
// capital.
func (t *Tutor) capitalOf(place string, sc scene) (Answer, error) {
	if t.dictionary == nil {
		return say(noDictionary), nil
	}
	place = strings.TrimPrefix(strings.TrimSuffix(place, "'s"), "the ")
	senses, err := t.dictionary.Lookup(place, wordnet.Noun)
	if err != nil {
		return Answer{}, fmt.Errorf("tutor: look up: %w", err)
	}
	if len(senses) == 0 {
		return unknownWord(place, sc), nil
	}
	for _, wanted := range []string{"national capital", "state capital", "provincial capital", "capital"} {
		for _, s := range senses {
			cities, err := t.dictionary.Follow(s, 200, wordnet.PartMeronym)
			if err != nil {
				return Answer{}, fmt.Errorf("tutor: look up: %w", err)
			}
			for _, city := range cities {
				up, err := t.dictionary.Follow(city, 3, wordnet.InstanceOf)
				if err != nil {
					return Answer{}, fmt.Errorf("tutor: look up: %w", err)
				}
				for _, u := range up {
					if u.Words[0] == wanted {
						return say("The capital of " + spelling(s) + " is " + city.Words[0] + "."), nil
					}
				}
			}
		}
	}
	return say("I don't know a capital of " + spelling(senses[0]) + "."), nil
}

// capitals writes a name that was spoken as names are written.
func capitals(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		switch w {
		case "the", "de", "of":
		case "utc", "uk":
			words[i] = strings.ToUpper(w)
		default:
			words[i] = capital(w)
		}
	}
	return strings.Join(words, " ")
}
