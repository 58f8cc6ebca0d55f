package settings

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Service is who does a stage's work: a server that speaks OpenAI's API, or, without
// an address, the embedded engine. Its key is never here, but in the keyring.
type Service struct {
	URL   string // base address, up to and with the version: "http://127.0.0.1:11434/v1"; empty: the embedded engine
	Model string // as the server names it; empty: the server's own choice
	Voice string // likewise; of a synthesizer
}

// ToolServer is a server of tools for the language model (Model Context Protocol):
// a program that is started, or an address. The zero value is none.
type ToolServer struct {
	Name    string // letters, digits, - and _; at most 32, and no two alike
	Command string // a program and its arguments; ' and " keep words together
	URL     string // of streamable HTTP, where there is no command
	Off     bool   // it is not started
}

// MostToolServers is how many tool servers there can be.
const MostToolServers = 8

// What a name, an address and a command are at most, in bytes.
const (
	nameLength    = 32
	modelLength   = 256
	commandLength = 1024
)

// Args is the command's words, the program first; nil where it has none or a
// quotation mark is not closed.
func (t ToolServer) Args() []string {
	var args []string
	var word strings.Builder
	inWord, quote := false, rune(0)
	for _, r := range t.Command {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			inWord, quote = true, r
		case quote == 0 && r == ' ':
			if inWord {
				args = append(args, word.String())
			}
			word.Reset()
			inWord = false
		default:
			inWord = true
			word.WriteRune(r)
		}
	}
	if quote != 0 {
		return nil
	}
	if inWord {
		args = append(args, word.String())
	}
	if len(args) == 0 || args[0] == "" {
		return nil
	}
	return args
}

// off is behind the name of one that is off.
const off = " (off)"

// String is how the file has it: its name, whether it is off, and the command or
// address.
func (t ToolServer) String() string {
	name := t.Name
	if t.Off {
		name += off
	}
	return name + ": " + t.Command + t.URL
}

// What is wrong with a tool server.
var (
	ErrToolName = errors.New("settings: a tool server's name has letters, digits, - and _, and at most 32 of them")
	ErrToolWhat = errors.New("settings: a tool server is a command or an address without a password or a query")
)

// NewToolServer makes one of its name and its command or address. The error is
// [ErrToolName] or [ErrToolWhat].
func NewToolServer(name, what string) (ToolServer, error) {
	t := ToolServer{Name: name}
	if isAddress(what) {
		t.URL = what
	} else {
		t.Command = what
	}
	named := name != "" && len(name) <= nameLength && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '-' && r != '_' && (r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r))
	})
	isCommand := t.Args() != nil && !strings.Contains(t.Args()[0], "://") // a wrong address is no program
	switch {
	case !named:
		return ToolServer{}, ErrToolName
	case !isLine(what, commandLength) || t.URL == "" && !isCommand:
		return ToolServer{}, ErrToolWhat
	}
	return t, nil
}

// parseToolServer reads what String writes.
func parseToolServer(text string) (ToolServer, bool) {
	name, what, _ := strings.Cut(text, ":")
	name, isOff := strings.CutSuffix(name, off)
	t, err := NewToolServer(name, strings.TrimSpace(what))
	t.Off = isOff && err == nil
	return t, err == nil
}

// isAddress says whether text is the address of a service. Such a one holds no
// secret: neither a password nor a query.
func isAddress(text string) bool {
	if !isLine(text, deviceLength) || strings.ContainsAny(text, " ?#@") {
		return false
	}
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.Opaque == ""
}

// isRemote says whether text is the address of a backend, or empty.
func isRemote(text string) bool {
	return text == "" || isAddress(text) || isAddress(strings.Replace(text, "ws", "http", 1)) && strings.HasPrefix(text, "ws")
}

// isLine: one line that can be shown, of so many bytes at most.
func isLine(text string, most int) bool {
	return len(text) <= most && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// service gives the keys of a stage's service.
func service(name, what string, field func(*Settings) *Service) []key {
	return []key{
		text(name+"_url", what+`: the base address of a server that speaks OpenAI's API, such as "https://api.openai.com/v1"; "" is the built-in engine.`,
			`an address such as "https://api.openai.com/v1", without a password or a query, or ""`,
			func(t string) bool { return t == "" || isAddress(t) },
			func(s *Settings) *string { return &field(s).URL }),
		text(name+"_model", `The model there, as the server names it; "" is its own choice.`, "a model's name in quotes, on one line",
			func(t string) bool { return isLine(t, modelLength) },
			func(s *Settings) *string { return &field(s).Model }),
	}
}

func text(name, comment, allowed string, allows func(string) bool, field func(*Settings) *string) key {
	return key{
		name:    name,
		comment: comment,
		allowed: allowed,
		get:     func(s *Settings) any { return *field(s) },
		set: func(s *Settings, v any) error {
			text, ok := v.(string)
			if !ok || !allows(text) {
				return errNotAllowed
			}
			*field(s) = text
			return nil
		},
	}
}

// toolServers is the key of all tool servers: a list of "name: command or address".
func toolServers() key {
	return key{
		name:    "tool_servers",
		comment: `Servers of tools for the language model (MCP), at most 8: a name, and a command or an address: ["files: mcp-files /home/me/notes", "wiki (off): http://127.0.0.1:3000/mcp"].`,
		allowed: `a list of at most 8 like "name: command" or "name: http://address", no name twice`,
		get: func(s *Settings) any {
			list := []string{}
			for _, t := range s.ToolServers {
				if t != (ToolServer{}) {
					list = append(list, t.String())
				}
			}
			return list
		},
		set: func(s *Settings, v any) error {
			list, err := stringList(v)
			if err != nil || len(list) > MostToolServers {
				return errNotAllowed
			}
			var servers [MostToolServers]ToolServer
			for i, one := range list {
				t, ok := parseToolServer(one)
				if !ok || slices.ContainsFunc(servers[:i], func(other ToolServer) bool { return strings.EqualFold(other.Name, t.Name) }) {
					return errNotAllowed
				}
				servers[i] = t
			}
			s.ToolServers = servers
			return nil
		},
	}
}

// stringList is a list of strings, as the parser gives it or as get does.
func stringList(v any) ([]string, error) {
	switch v := v.(type) {
	case []string:
		return v, nil
	case []any:
		list := make([]string, len(v))
		for i, one := range v {
			text, ok := one.(string)
			if !ok {
				return nil, errNotAllowed
			}
			list[i] = text
		}
		return list, nil
	}
	return nil, errNotAllowed
}
