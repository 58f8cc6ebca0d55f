package tutor

import "strings"

// dimension is what a unit measures.
type dimension string

// unit is a unit of measure. A quantity of v units is v*scale + shift in the
// unit of its dimension that the table marks with scale 1 and shift 0.
type unit struct {
	one, many string // as they are said
	dim       dimension
	scale     float64
	shift     float64 // of temperatures
	also      string  // other names and abbreviations, parted by commas
}

// units are the units known. The factors are exact by definition (NIST Special
// Publication 811, appendix B) but for months and years, which are means of the
// Gregorian calendar. US customary measures of volume.
var units = []unit{
	{"millimeter", "millimeters", "length", 0.001, 0, "mm,millimetre,millimetres"},
	{"centimeter", "centimeters", "length", 0.01, 0, "cm,centimetre,centimetres"},
	{"meter", "meters", "length", 1, 0, "m,metre,metres"},
	{"kilometer", "kilometers", "length", 1000, 0, "km,kilometre,kilometres,kms"},
	{"inch", "inches", "length", 0.0254, 0, "in"},
	{"foot", "feet", "length", 0.3048, 0, "ft"},
	{"yard", "yards", "length", 0.9144, 0, "yd,yds"},
	{"mile", "miles", "length", 1609.344, 0, "mi"},
	{"nautical mile", "nautical miles", "length", 1852, 0, "nmi"},
	{"light year", "light years", "length", 9460730472580800, 0, "light-year,light-years,lightyear,lightyears"},

	{"milligram", "milligrams", "mass", 1e-6, 0, "mg"},
	{"gram", "grams", "mass", 0.001, 0, "g,gramme,grammes"},
	{"kilogram", "kilograms", "mass", 1, 0, "kg,kgs,kilo,kilos,kilogramme,kilogrammes"},
	{"metric ton", "metric tons", "mass", 1000, 0, "tonne,tonnes"},
	{"ton", "tons", "mass", 907.18474, 0, "short ton,short tons"},
	{"ounce", "ounces", "mass", 0.028349523125, 0, "oz"},
	{"pound", "pounds", "mass", 0.45359237, 0, "lb,lbs"},
	{"stone", "stone", "mass", 6.35029318, 0, "stones"},

	{"milliliter", "milliliters", "volume", 0.001, 0, "ml,millilitre,millilitres"},
	{"centiliter", "centiliters", "volume", 0.01, 0, "cl,centilitre,centilitres"},
	{"deciliter", "deciliters", "volume", 0.1, 0, "dl,decilitre,decilitres"},
	{"liter", "liters", "volume", 1, 0, "l,litre,litres"},
	{"cubic meter", "cubic meters", "volume", 1000, 0, "cubic metre,cubic metres,m3"},
	{"cubic foot", "cubic feet", "volume", 28.316846592, 0, ""},
	{"teaspoon", "teaspoons", "volume", 0.00492892159375, 0, "tsp,tea spoons"},
	{"tablespoon", "tablespoons", "volume", 0.01478676478125, 0, "tbsp,table spoons"},
	{"fluid ounce", "fluid ounces", "volume", 0.0295735295625, 0, "fl oz"},
	{"cup", "cups", "volume", 0.2365882365, 0, ""},
	{"pint", "pints", "volume", 0.473176473, 0, "pt"},
	{"quart", "quarts", "volume", 0.946352946, 0, "qt"},
	{"gallon", "gallons", "volume", 3.785411784, 0, "gal"},

	{"degree Celsius", "degrees Celsius", "temperature", 1, 273.15,
		"celsius,centigrade,degrees centigrade,degree centigrade,c,°c,degrees c"},
	{"degree Fahrenheit", "degrees Fahrenheit", "temperature", 5. / 9, 459.67 * 5 / 9,
		"fahrenheit,f,°f,degrees f"},
	{"kelvin", "kelvin", "temperature", 1, 0, "kelvins,degrees kelvin,k"},

	{"millisecond", "milliseconds", "time", 0.001, 0, "ms"},
	{"second", "seconds", "time", 1, 0, "s,sec,secs"},
	{"minute", "minutes", "time", 60, 0, "min,mins"},
	{"hour", "hours", "time", 3600, 0, "h,hr,hrs"},
	{"day", "days", "time", 86400, 0, ""},
	{"week", "weeks", "time", 604800, 0, ""},
	{"fortnight", "fortnights", "time", 1209600, 0, ""},
	{"month", "months", "time", 2629746, 0, ""},
	{"year", "years", "time", 31556952, 0, "yr,yrs"},
	{"leap year", "leap years", "time", 31622400, 0, ""},
	{"decade", "decades", "time", 315569520, 0, ""},
	{"century", "centuries", "time", 3155695200, 0, ""},

	{"meter per second", "meters per second", "speed", 1, 0, "metres per second,metre per second,m/s"},
	{"kilometer per hour", "kilometers per hour", "speed", 1 / 3.6, 0,
		"km/h,kph,kmh,kilometers an hour,kilometres per hour,kilometres an hour"},
	{"mile per hour", "miles per hour", "speed", 0.44704, 0, "mph,miles an hour"},
	{"foot per second", "feet per second", "speed", 0.3048, 0, "ft/s"},
	{"knot", "knots", "speed", 1852. / 3600, 0, ""},

	{"square centimeter", "square centimeters", "area", 1e-4, 0, "cm2,square centimetres"},
	{"square meter", "square meters", "area", 1, 0, "m2,square metre,square metres"},
	{"square kilometer", "square kilometers", "area", 1e6, 0, "km2,square kilometre,square kilometres"},
	{"square inch", "square inches", "area", 0.00064516, 0, ""},
	{"square foot", "square feet", "area", 0.09290304, 0, "sq ft"},
	{"square yard", "square yards", "area", 0.83612736, 0, ""},
	{"square mile", "square miles", "area", 2589988.110336, 0, ""},
	{"acre", "acres", "area", 4046.8564224, 0, ""},
	{"hectare", "hectares", "area", 10000, 0, "ha"},

	{"bit", "bits", "data", 0.125, 0, ""},
	{"byte", "bytes", "data", 1, 0, ""},
	{"kilobyte", "kilobytes", "data", 1e3, 0, "kb,kilo bytes,kilo byte"},
	{"megabyte", "megabytes", "data", 1e6, 0, "mb,mega bytes,mega byte,megs"},
	{"gigabyte", "gigabytes", "data", 1e9, 0, "gb,giga bytes,giga byte,gigs"},
	{"terabyte", "terabytes", "data", 1e12, 0, "tb,tera bytes,tera byte"},
	{"kibibyte", "kibibytes", "data", 1 << 10, 0, "kib"},
	{"mebibyte", "mebibytes", "data", 1 << 20, 0, "mib"},
	{"gibibyte", "gibibytes", "data", 1 << 30, 0, "gib"},

	{"joule", "joules", "energy", 1, 0, ""},
	{"kilojoule", "kilojoules", "energy", 1000, 0, "kj"},
	{"calorie", "calories", "energy", 4184, 0, "kilocalorie,kilocalories,kcal"},
	{"kilowatt hour", "kilowatt hours", "energy", 3.6e6, 0, "kwh"},
}

// unitNames maps every name to its unit; longestUnit is how many words the
// longest has.
var unitNames, longestUnit = nameUnits()

func nameUnits() (map[string]*unit, int) {
	names := make(map[string]*unit)
	longest := 0
	for i := range units {
		u := &units[i]
		for _, name := range append(strings.Split(u.also, ","), u.one, u.many) {
			if name == "" {
				continue
			}
			names[strings.ToLower(name)] = u
			longest = max(longest, len(strings.Fields(name)))
		}
	}
	return names, longest
}

// readUnit reads a unit at the beginning of words (lower case), the longest
// name that fits, and says how many words it took.
func readUnit(words []string) (*unit, int) {
	for n := min(longestUnit, len(words)); n > 0; n-- {
		if u := unitNames[strings.Join(words[:n], " ")]; u != nil {
			return u, n
		}
	}
	return nil, 0
}
