package rest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"
)

// mediaType is a request's kind of body; empty where it does not say, or says
// nothing that can be read.
func mediaType(header string) (string, map[string]string) {
	kind, params, err := mime.ParseMediaType(header)
	if err != nil {
		return "", nil
	}
	return kind, params
}

// isJSON says whether a body of that type is JSON. None said is taken for it.
func isJSON(kind string) bool {
	return kind == "" || kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json")
}

// readJSON reads a body of at most limit bytes into v. It reads to the body's end,
// without which net/http would not notice a client that goes away.
func readJSON(w http.ResponseWriter, r *http.Request, limit int64, v any) error {
	if kind, _ := mediaType(r.Header.Get("Content-Type")); !isJSON(kind) {
		return &httpError{status: http.StatusUnsupportedMediaType, code: "unsupported_media_type",
			message: "the body has to be JSON; send it with Content-Type: application/json"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		return unreadable(err)
	}
	return decode(body, v)
}

// unreadable is an error in reading a body.
func unreadable(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return tooBig("the body has more than %d bytes", big.Limit)
	}
	return &httpError{status: http.StatusBadRequest, code: "unreadable_body", message: "the body did not come whole", cause: err}
}

// decode reads JSON, and says of what it cannot read which field it is.
func decode(body []byte, v any) error {
	err := json.Unmarshal(body, v)
	var known *httpError
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return known
	case errors.As(err, &wrong) && wrong.Field != "":
		return invalid(wrong.Field, "%s has to be %s, not %s", wrong.Field, jsonName(wrong.Type), article(wrong.Value))
	case errors.As(err, &wrong):
		return invalid("", "the body has to be a JSON object, not %s", article(wrong.Value))
	case errors.As(err, &syntax):
		return &httpError{status: http.StatusBadRequest, code: "invalid_json", message: "the body is not valid JSON: " + err.Error()}
	}
	return invalid("", "the body has a value that cannot be: %s", strings.TrimPrefix(err.Error(), "protocol: "))
}

// jsonName is what JSON calls values of a type.
func jsonName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a string"
	case reflect.Slice, reflect.Array:
		return "an array"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	}
	return "an object"
}

// article puts one before what JSON calls a value.
func article(value string) string {
	if strings.HasPrefix(value, "array") || strings.HasPrefix(value, "object") {
		return "an " + value
	}
	return "a " + value
}
