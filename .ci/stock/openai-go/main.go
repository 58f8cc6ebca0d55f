// Command openai-go is OpenAI's client for Go as cmd/parleyd/stock runs it: a turn that
// the client commits, a function of the client's, and a lesson asked for, over
// WebSocket. It prints what it understood as lines of JSON.
//
// It is a module of its own, since the client wants newer versions of what the window is
// built with.
//
// usage: openai-go http://127.0.0.1:PORT/v1 FOLDER
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/realtime"
)

func main() {
	if err := talk(context.Background(), os.Args[1]+"/", filepath.Join(os.Args[2], "time.pcm")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// turn is what came of one.
type turn struct {
	What   string   `json:"what"`
	Order  []string `json:"order"`
	Heard  string   `json:"heard"`
	Said   string   `json:"said"`
	Bytes  int      `json:"bytes"`
	Status string   `json:"status"`
	Tokens int64    `json:"tokens"`
	Call   string   `json:"call,omitempty"` // a function's name and arguments

	callID string
}

func talk(ctx context.Context, base, recording string) error {
	sound, err := os.ReadFile(recording)
	if err != nil {
		return err
	}
	client := openai.NewClient(option.WithBaseURL(base), option.WithAPIKey("none"))
	conn, err := client.Realtime.Connect(ctx, realtime.RealtimeConnectionOptions{}, option.WithQuery("model", "parley"))
	if err != nil {
		return err
	}
	defer conn.Abort()
	pcm := realtime.RealtimeAudioFormatsUnionParam{OfAudioPCM: &realtime.RealtimeAudioFormatsAudioPCMParam{Rate: 24000, Type: "audio/pcm"}}
	settings := realtime.RealtimeClientEventParamOfSessionUpdate(realtime.RealtimeSessionCreateRequestParam{
		Instructions: openai.String("Be brief."), OutputModalities: []string{"audio"},
		Tools: realtime.RealtimeToolsConfigParam{{OfFunction: &realtime.RealtimeFunctionToolParam{
			Type: realtime.RealtimeFunctionToolTypeFunction, Name: openai.String("get_weather"),
			Parameters: map[string]any{"type": "object", "properties": map[string]any{"city": map[string]any{"type": "string"}}, "required": []string{"city"}},
		}}},
		Audio: realtime.RealtimeAudioConfigParam{
			Input: realtime.RealtimeAudioConfigInputParam{
				Format: pcm, Transcription: realtime.AudioTranscriptionParam{Model: "whisper-1"},
				TurnDetection: param.NullStruct[realtime.RealtimeAudioInputTurnDetectionUnionParam](),
			},
			Output: realtime.RealtimeAudioConfigOutputParam{Format: pcm},
		},
	})
	commit := realtime.RealtimeClientEventUnionParam{OfInputAudioBufferCommit: &realtime.InputAudioBufferCommitEventParam{}}
	answer := realtime.RealtimeClientEventUnionParam{OfResponseCreate: &realtime.ResponseCreateEventParam{}}

	spoken := turn{What: "spoken"}
	err = spoken.take(ctx, conn, settings,
		realtime.RealtimeClientEventParamOfInputAudioBufferAppend(base64.StdEncoding.EncodeToString(sound)), commit, answer)
	if err != nil {
		return err
	}
	call := turn{What: "call"}
	if err := call.take(ctx, conn, says("what is the weather in Paris"), answer); err != nil {
		return err
	}
	result := realtime.RealtimeClientEventParamOfConversationItemCreate(
		realtime.RealtimeConversationItemFunctionCallOutputParam{CallID: call.callID, Output: "sunny in Paris"})
	if err := (&turn{What: "called"}).take(ctx, conn, result, answer); err != nil {
		return err
	}
	if err := (&turn{What: "lesson"}).take(ctx, conn, says("teach me about gravity"), answer); err != nil {
		return err
	}
	return conn.Close()
}

// says is a turn of the user's in writing.
func says(text string) realtime.RealtimeClientEventUnionParam {
	return realtime.RealtimeClientEventParamOfConversationItemCreate(realtime.RealtimeConversationItemUserMessageParam{
		Content: []realtime.RealtimeConversationItemUserMessageContentParam{{Type: "input_text", Text: openai.String(text)}},
	})
}

// take sends events, collects what comes until the response to the last of them is
// done, and prints it.
func (t *turn) take(ctx context.Context, conn *realtime.RealtimeConnection, events ...realtime.RealtimeClientEventUnionParam) error {
	for _, e := range events {
		if err := conn.Send(ctx, e); err != nil {
			return err
		}
	}
	for t.Status == "" {
		event, err := conn.Recv(ctx)
		if err != nil {
			return err
		}
		t.Order = append(t.Order, event.Type)
		switch e := event.AsAny().(type) {
		case nil:
			return fmt.Errorf("it does not know %s", event.RawJSON())
		case realtime.RealtimeErrorEvent:
			return errors.New(e.RawJSON())
		case realtime.ConversationItemInputAudioTranscriptionCompletedEvent:
			t.Heard = e.Transcript
		case realtime.ResponseAudioTranscriptDoneEvent:
			t.Said += e.Transcript
		case realtime.ResponseAudioDeltaEvent:
			sound, err := base64.StdEncoding.DecodeString(e.Delta)
			if err != nil {
				return err
			}
			t.Bytes += len(sound)
		case realtime.ResponseFunctionCallArgumentsDoneEvent:
			t.Call, t.callID = e.Name+" "+e.Arguments, e.CallID
		case realtime.ResponseDoneEvent:
			t.Status, t.Tokens = string(e.Response.Status), e.Response.Usage.TotalTokens
		}
	}
	return json.NewEncoder(os.Stdout).Encode(t)
}
