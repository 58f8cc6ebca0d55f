package tutor

import (
	"encoding/json"
	"testing"

	"parley/engine"
)

var weather = engine.Function{Name: "get_weather", Description: "The weather in a city.",
	Parameters: json.RawMessage(`{"type":"object","properties":{"city":{"type":"string"},"unit":{"type":"string","enum":["celsius","fahrenheit"]}},"required":["city"]}`)}

var lights = engine.Function{Name: "setLights", Description: "Dims the lights.",
	Parameters: json.RawMessage(`{"type":"object","properties":{"level":{"type":"integer"},"room":{"type":"string"}}}`)}

// A function of the asker's is called when its name is asked for, with what was said.
func TestFunctionsOfTheAsker(t *testing.T) {
	for said, want := range map[string]string{
		"what's the weather in Paris":               `get_weather{"city":"Paris"}`,
		"What is the weather in New York?":          `get_weather{"city":"New York"}`,
		"weather for Rome in celsius please":        `get_weather{"city":"Rome","unit":"celsius"}`,
		"set the lights to forty in the kitchen":    `setLights{"level":40,"room":"kitchen"}`,
		"what is the weather":                       "Which city?",
		"what time is it":                           "",
		"tell me about rain":                        "",
		"remember that my sister's name is Ada":     "",
		"how is the weather in Berlin tomorrow now": `get_weather{"city":"Berlin"}`,
	} {
		got := ""
		call, ask, ok := functionFor(hear(said).text, engine.Request{Text: said, Functions: []engine.Function{weather, lights}})
		if ok {
			got = call.Name + call.Arguments + ask
		}
		if got != want {
			t.Errorf("%q calls %s, want %s", said, got, want)
		}
	}
}

func TestWhatCameOfFunctionsIsTold(t *testing.T) {
	for output, want := range map[string]string{
		"sunny, 21 degrees": "Sunny, 21 degrees.",
		`{"sky":"clear","temperature_c":21.5,"wind":{"speed":3}}`: "Sky clear, temperature c 21.5, wind speed 3.",
		`["Ann","Bob"]`: "Ann, Bob.",
		"":              "Done.",
		"null":          "Done.",
		"{broken":       "{broken.",
		"It rains!":     "It rains!",
	} {
		req := engine.Request{Text: "what is the weather", Functions: []engine.Function{weather}, Called: []engine.Called{{Call: engine.Call{ID: "1", Name: "get_weather"}, Output: output}}}
		var said string
		for piece, err := range New(Options{}).Respond(t.Context(), req) {
			if err != nil {
				t.Fatal(err)
			}
			if w, ok := piece.(engine.Words); ok {
				said += w.Text
			}
		}
		if said != want {
			t.Errorf("%s is told as %q, want %q", output, said, want)
		}
	}
}

func TestAFunctionThatMustBeCalled(t *testing.T) {
	for must, want := range map[string]string{engine.AnyFunction: "get_weather", "setLights": "setLights", "": "", "unknown": ""} {
		call, _, _ := functionFor("what is the meaning of the forecast", engine.Request{MustCall: must, Functions: []engine.Function{weather, lights}})
		if call.Name != want {
			t.Errorf("with %q, %q is called, want %q", must, call.Name, want)
		}
	}
}

// Whatever schema a client sends, the call is a JSON object.
func FuzzFunction(f *testing.F) {
	f.Add("what is the weather in Rome", "get_weather", string(weather.Parameters))
	f.Add("set the lights to forty", "setLights", `{"properties":{"level":{"type":["integer"],"enum":[1,null,{}]}},"required":null}`)
	f.Fuzz(func(t *testing.T, said, name, schema string) {
		one := engine.Function{Name: name, Parameters: json.RawMessage(schema)}
		for _, must := range []string{"", engine.AnyFunction} {
			call, _, ok := functionFor(hear(said).text, engine.Request{MustCall: must, Functions: []engine.Function{one}})
			if ok && call.Name != "" && !json.Valid([]byte(call.Arguments)) {
				t.Errorf("called with %s", call.Arguments)
			}
		}
	})
}
