package aimocktest

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/sashabaranov/go-openai"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Each kind of fixture is answered as the library that we use understands it.
func TestFixtures(t *testing.T) {
	sound := []byte{0, 0, 1, 0, 2, 0, 3, 0}
	cut := Chat("story", "Once upon a time there was a small room that nobody had ever seen.")
	cut.ChunkSize, cut.TruncateAfterChunks, cut.Latency = 5, 3, 20
	config := openai.DefaultConfig("any")
	config.BaseURL = Start(t,
		AfterTool("12:30", "It is half past twelve."),
		ToolCall("time", "now", map[string]string{"zone": "UTC"}),
		Refusal("quota", 429, "insufficient_quota", "You exceeded your quota."),
		cut,
		Chat("hello", "Hello! How can I help you?"),
		Transcription("what is gravity"),
		Speech("pcm", sound),
	)
	client := openai.NewClientWithConfig(config)

	ask := func(messages ...openai.ChatCompletionMessage) (text string, calls []openai.ToolCall, err error) {
		stream, err := client.CreateChatCompletionStream(t.Context(), openai.ChatCompletionRequest{
			Model: "m", Stream: true, Messages: messages,
			Tools: []openai.Tool{{Type: openai.ToolTypeFunction, Function: &openai.FunctionDefinition{Name: "now", Parameters: map[string]any{"type": "object"}}}},
		})
		if err != nil {
			return "", nil, err
		}
		defer stream.Close()
		for {
			part, err := stream.Recv()
			if errors.Is(err, io.EOF) {
				return text, calls, nil
			}
			if err != nil {
				return text, calls, err
			}
			for _, choice := range part.Choices {
				text += choice.Delta.Content
				calls = append(calls, choice.Delta.ToolCalls...)
			}
		}
	}
	user := func(text string) openai.ChatCompletionMessage {
		return openai.ChatCompletionMessage{Role: openai.ChatMessageRoleUser, Content: text}
	}
	if text, _, err := ask(user("oh hello there")); err != nil || text != "Hello! How can I help you?" {
		t.Errorf("got %q, %v", text, err)
	}
	_, calls, err := ask(user("what time is it"))
	if err != nil || len(calls) == 0 || calls[0].Function.Name != "now" {
		t.Fatalf("got %+v, %v", calls, err)
	}
	text, _, err := ask(user("what time is it"),
		openai.ChatCompletionMessage{Role: openai.ChatMessageRoleAssistant, ToolCalls: calls[:1]},
		openai.ChatCompletionMessage{Role: openai.ChatMessageRoleTool, ToolCallID: calls[0].ID, Content: "it is 12:30"})
	if err != nil || text != "It is half past twelve." {
		t.Errorf("got %q, %v", text, err)
	}
	refused := new(openai.APIError)
	if _, _, err := ask(user("my quota")); !errors.As(err, &refused) || refused.HTTPStatusCode != 429 {
		t.Errorf("got %v", err)
	}
	if text, _, err := ask(user("a story")); len(text) == 0 || len(text) > 20 {
		t.Errorf("a stream that stops: %q, %v", text, err)
	}
	if _, _, err := ask(user("something else")); err == nil {
		t.Error("answered what no fixture matches")
	}
	heard, err := client.CreateTranscription(t.Context(), openai.AudioRequest{Model: "whisper-1", FilePath: "a.wav", Reader: bytes.NewReader(sound)})
	if err != nil || heard.Text != "what is gravity" {
		t.Errorf("got %+v, %v", heard, err)
	}
	spoken, err := client.CreateSpeech(t.Context(), openai.CreateSpeechRequest{Model: "tts-1", Input: "hi", Voice: openai.VoiceAlloy, ResponseFormat: openai.SpeechResponseFormatPcm})
	if err != nil {
		t.Fatal(err)
	}
	defer spoken.Close()
	if got, err := io.ReadAll(spoken); err != nil || !bytes.Equal(got, sound) {
		t.Errorf("got %v, %v", got, err)
	}
}

// Where node is not to be had, that is an error.
func TestNoNode(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := launch(t, "node", "cli.js"); err == nil {
		t.Error("started without node")
	}
}
