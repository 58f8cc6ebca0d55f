package server

import (
	"fmt"

	"parley/engine/realtime/protocol"
)

// The types of items and of their content.
const (
	itemMessage   = "message"
	itemCall      = "function_call"
	itemOutput    = "function_call_output"
	itemReference = "item_reference"

	inputText   = "input_text"
	inputAudio  = "input_audio"
	outputText  = "output_text"
	outputAudio = "output_audio"

	roleUser      = "user"
	roleAssistant = "assistant"
	roleSystem    = "system"

	inProgress = "in_progress"
	completed  = "completed"
	incomplete = "incomplete"
	cancelled  = "cancelled"
	failed     = "failed"
)

// read takes an item from the client. sound is what of it must be listened to, at
// 16 kHz; nil: nothing.
func (s *session) read(in protocol.Item) (i *item, sound []int16, wrong *protocol.Error) {
	if len(in.ID) > 64 {
		return nil, nil, invalid("item.id", "An item's id may have 64 bytes at most.")
	}
	i = &item{Item: protocol.Item{ID: in.ID, Type: in.Type, Status: completed}}
	switch in.Type {
	case itemMessage:
		i.Role = in.Role
		sound, wrong = s.readContent(i, in.Content)
	case itemCall:
		if in.Arguments == nil {
			in.Arguments = protocol.Str("{}")
		}
		i.CallID, i.Name, i.Arguments = in.CallID, in.Name, in.Arguments
		if i.CallID == "" {
			i.CallID = newID("call_")
		}
		if !toolName.MatchString(i.Name) {
			wrong = invalid("item.name", "A function's name has 1 to 64 letters, digits, _ and -.")
		}
	case itemOutput:
		if in.Output == nil {
			in.Output = protocol.Str("")
		}
		i.CallID, i.Output = in.CallID, in.Output
		if i.CallID == "" || len(i.CallID) > 100 {
			wrong = invalid("item.call_id", "A function_call_output needs the call_id of its call.")
		}
	default:
		wrong = invalid("item.type", "An item is a message, a function_call or a function_call_output.")
	}
	if wrong == nil && i.size() > s.limits.Text {
		wrong = invalid("item", fmt.Sprintf("An item may have %d bytes of text at most.", s.limits.Text))
	}
	return i, sound, wrong
}

// readContent takes the content of a message.
func (s *session) readContent(i *item, content []protocol.Content) (sound []int16, wrong *protocol.Error) {
	if i.Role != roleUser && i.Role != roleAssistant && i.Role != roleSystem {
		return nil, invalid("item.role", "A message's role is user, assistant or system.")
	}
	if len(content) == 0 || len(content) > 100 {
		return nil, invalid("item.content", "A message has 1 to 100 parts of content.")
	}
	for n, c := range content {
		param := fmt.Sprintf("item.content[%d]", n)
		mine := i.Role == roleAssistant
		switch {
		case c.Type == inputText && !mine, c.Type == outputText && mine, c.Type == modeText:
			if c.Text == nil {
				return nil, invalid(param+".text", "A part of text needs its text.")
			}
			kind := inputText
			if mine {
				kind = outputText
			}
			i.Content = append(i.Content, protocol.Content{Type: kind, Text: c.Text})
		case c.Type == outputAudio && mine:
			if c.Transcript == nil {
				return nil, invalid(param+".transcript", "An assistant's sound needs its transcript.")
			}
			i.Content = append(i.Content, protocol.Content{Type: outputAudio, Transcript: c.Transcript})
		case c.Type == inputAudio && i.Role == roleUser:
			i.Content = append(i.Content, protocol.Content{Type: inputAudio, Transcript: c.Transcript})
			if c.Transcript != nil {
				continue
			}
			heard, err := s.wholeSound(c.Audio)
			if err != nil {
				return nil, invalid(param+".audio", plain(err))
			}
			sound = append(sound, heard...)
		default:
			return nil, invalid(param+".type", fmt.Sprintf("A message of role %s cannot have content of type %.40q.", i.Role, c.Type))
		}
	}
	return sound, nil
}
