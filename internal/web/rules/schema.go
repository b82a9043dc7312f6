package rules

import (
	"reflect"
	"strconv"
	"strings"
)

// Schema is a JSON Schema object under construction.
type Schema = map[string]any

// Describe adds to schema what the `validate` tag says about a value of type
// t, and to its "items" what follows "dive". It reports whether the member is
// required. Rules between fields have no equivalent in JSON Schema and are
// listed as "x-rules".
func Describe(schema Schema, t reflect.Type, tag string) (required bool) {
	t = deref(t)
	own, items, dive := cutDive(tag)
	for _, part := range own {
		name, param, _ := strings.Cut(part, "=")
		if name == "required" {
			required = true
			continue
		}
		apply(schema, t, name, param)
	}
	if inner, ok := schema["items"].(Schema); ok && dive {
		Describe(inner, element(t), items)
	}
	if inner, ok := schema["additionalProperties"].(Schema); ok && dive {
		Describe(inner, element(t), items)
	}
	return required
}

// cutDive separates the rules of a list from those of its items.
func cutDive(tag string) (own []string, items string, dive bool) {
	if tag == "" || tag == "-" {
		return nil, "", false
	}
	parts := strings.Split(tag, ",")
	for i, part := range parts {
		if part == "dive" {
			return parts[:i], strings.Join(parts[i+1:], ","), true
		}
	}
	return parts, "", false
}

// apply adds one rule.
func apply(schema Schema, t reflect.Type, name, param string) {
	switch name {
	case "omitempty", "omitnil", "omitzero":
	case "min", "gte":
		schema[lower(t)] = numberOf(param)
	case "max", "lte":
		schema[upper(t)] = numberOf(param)
	case "gt":
		exclusive(schema, t, "exclusiveMinimum", lower(t), param, 1)
	case "lt":
		exclusive(schema, t, "exclusiveMaximum", upper(t), param, -1)
	case "len":
		schema[lower(t)], schema[upper(t)] = numberOf(param), numberOf(param)
	case "oneof":
		schema["enum"] = enumOf(t, strings.Fields(param))
	case "unique":
		schema["uniqueItems"] = true
	case "email":
		schema["format"] = "email"
	case "https_url", "http_url", "url", "uri":
		schema["format"] = "uri"
	case "e164":
		schema["pattern"] = patternPhone
	default:
		applyOwn(schema, name, param)
	}
}

func exclusive(schema Schema, t reflect.Type, forNumbers, forSizes, param string, step int64) {
	if sized(t.Kind(), "size", "size", "") == "" {
		schema[forNumbers] = numberOf(param)
		return
	}
	if n, err := strconv.ParseInt(param, 10, 64); err == nil {
		schema[forSizes] = n + step
	}
}

// applyOwn adds a rule of the vocabulary, or names one JSON Schema cannot say.
func applyOwn(schema Schema, name, param string) {
	rule, ok := Lookup(name)
	if !ok {
		known, _ := schema["x-rules"].([]string)
		schema["x-rules"] = append(known, strings.TrimSuffix(name+"="+param, "="))
		return
	}
	if rule.Format != "" {
		schema["format"] = rule.Format
	}
	if rule.Pattern != "" {
		schema["pattern"] = rule.Pattern
	}
	if rule.ParamFormat != nil {
		schema["pattern"] = rule.ParamFormat(param)
	}
	if rule.Values != nil {
		schema["enum"] = rule.Values
	}
	if _, stated := schema["description"]; !stated {
		schema["description"] = rule.Description
	}
}

func lower(t reflect.Type) string { return sized(t.Kind(), "minLength", "minItems", "minimum") }
func upper(t reflect.Type) string { return sized(t.Kind(), "maxLength", "maxItems", "maximum") }

// numberOf reads a limit; the checker has refused tags whose limit is no number.
func numberOf(param string) any {
	if n, err := strconv.ParseInt(param, 10, 64); err == nil {
		return n
	}
	f, err := strconv.ParseFloat(param, 64)
	if err != nil {
		return param
	}
	return f
}

func enumOf(t reflect.Type, words []string) any {
	if t.Kind() == reflect.String {
		return words
	}
	values := make([]any, len(words))
	for i, w := range words {
		values[i] = numberOf(w)
	}
	return values
}
