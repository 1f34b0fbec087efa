extension DocumentSchema {
    /// Text of `schemas/policy.schema.json`, written here by `make schemas`.
    static let policyText = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "A policy of rollcall",
          "description": "Who belongs in which WhatsApp group. People and teams may be defined in any policy file; `rollcall validate` checks that each name exists.",
          "type": "object",
          "additionalProperties": false,
          "patternProperties": { "^x-": { "description": "A place for YAML anchors. Rollcall ignores it." } },
          "properties": {
            "session": {
              "description": "The gateway's id of the WhatsApp account that makes the changes. It applies to all groups of this file that name no other.",
              "$ref": "#/$defs/session"
            },
            "gateway": {
              "description": "The gateway of this file's groups, if rollcall.yaml names several.",
              "$ref": "#/$defs/gateway"
            },
            "people": {
              "description": "A name for each person, with a phone number or a LID (WhatsApp's own id of an account), or both.",
              "type": ["object", "null"],
              "propertyNames": { "$ref": "#/$defs/name" },
              "additionalProperties": { "$ref": "#/$defs/person" }
            },
            "teams": {
              "description": "Lists of people and of other teams, for any number of groups.",
              "type": ["object", "null"],
              "propertyNames": { "$ref": "#/$defs/name" },
              "additionalProperties": { "$ref": "#/$defs/team" }
            },
            "groups": {
              "description": "The groups by their ids, such as 120363041234567890@g.us. Describe each group once, in one file.",
              "type": ["object", "null"],
              "propertyNames": { "pattern": "^[0-9]+(-[0-9]+)?@g\\.us$", "maxLength": 45 },
              "additionalProperties": { "$ref": "#/$defs/group" }
            }
          },
          "if": { "not": { "required": ["session"], "properties": { "session": { "not": { "type": "null" } } } } },
          "then": {
            "properties": {
              "groups": {
                "additionalProperties": {
                  "required": ["session"],
                  "properties": { "session": { "type": ["string", "number", "boolean"] } }
                }
              }
            }
          },
          "$defs": {
            "group": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "name": {
                  "description": "The group's name. If WhatsApp shows another name, Rollcall warns.",
                  "$ref": "#/$defs/text"
                },
                "session": {
                  "description": "The session that makes the changes in this group; overrides the file's.",
                  "$ref": "#/$defs/session"
                },
                "gateway": {
                  "description": "The group's gateway; overrides the file's.",
                  "$ref": "#/$defs/gateway"
                },
                "admins": {
                  "description": "The admins. An admin is a member too.",
                  "$ref": "#/$defs/entries"
                },
                "members": {
                  "description": "The members. Someone in both lists is an admin.",
                  "$ref": "#/$defs/entries"
                },
                "keep": {
                  "description": "People who are always kept: Rollcall never adds, removes, promotes or demotes them.",
                  "$ref": "#/$defs/entries"
                },
                "mode": {
                  "description": "exact: Rollcall removes everyone else. additive: it removes and demotes nobody.",
                  "enum": ["exact", "additive", null],
                  "default": "exact"
                },
                "empty": {
                  "description": "true: nobody belongs in the group. Only with `mode: exact` and without entries.",
                  "enum": [true, false, "true", "false", null],
                  "default": false
                },
                "rejoin": {
                  "description": "never: if people were in the group and left, Rollcall does not add them again.",
                  "enum": ["always", "never", null],
                  "default": "always"
                },
                "limits": {
                  "description": "Limits of this group; they override those of rollcall.yaml.",
                  "type": ["object", "null"],
                  "additionalProperties": false,
                  "properties": {
                    "removals": {
                      "description": "Removals and demotions in one run: a number, or a percentage of the group's size.",
                      "anyOf": [
                        { "type": ["integer", "null"], "minimum": 0, "maximum": 100000 },
                        { "type": "string", "pattern": "^([0-9]+|0*(100|[0-9]{1,2})%)$" }
                      ]
                    },
                    "removals_floor": {
                      "description": "The number of removals and demotions that are always allowed, whatever the percentage.",
                      "$ref": "#/$defs/count",
                      "minimum": 0,
                      "maximum": 100000
                    },
                    "removals_per_run": {
                      "description": "Not allowed here: it counts over all groups of a run. Set it in rollcall.yaml.",
                      "type": "null"
                    },
                    "removals_per_person": {
                      "description": "Not allowed here: it counts over all groups of a run. Set it in rollcall.yaml.",
                      "type": "null"
                    },
                    "removals_per_source": {
                      "description": "Not allowed here: it counts over all groups of a run. Set it in rollcall.yaml.",
                      "type": "null"
                    },
                    "min_other_admins": {
                      "description": "The minimum number of admins left in the group, besides the session's own account.",
                      "$ref": "#/$defs/count",
                      "minimum": 0,
                      "maximum": 1024
                    },
                    "min_admins": {
                      "description": "The minimum number of admins left in the group.",
                      "$ref": "#/$defs/count",
                      "minimum": 1,
                      "maximum": 1024
                    },
                    "group_size": {
                      "description": "The maximum number of members of the group.",
                      "$ref": "#/$defs/count",
                      "minimum": 2,
                      "maximum": 100000
                    }
                  }
                }
              },
              "if": { "required": ["empty"], "properties": { "empty": { "enum": [true, "true"] } } },
              "then": {
                "required": ["mode"],
                "properties": { "mode": { "const": "exact" }, "admins": { "maxItems": 0 }, "members": { "maxItems": 0 } }
              },
              "else": {
                "anyOf": [
                  { "required": ["members"], "properties": { "members": { "type": "array", "minItems": 1 } } },
                  { "required": ["admins"], "properties": { "admins": { "type": "array", "minItems": 1 } } }
                ]
              }
            },
            "team": {
              "type": "array",
              "minItems": 1,
              "items": { "$ref": "#/$defs/entry" }
            },
            "entries": {
              "type": ["array", "null"],
              "items": { "$ref": "#/$defs/entry" }
            },
            "entry": {
              "description": "A person or a team by name, a number, a JID, or one of these with dates: { who: …, until: 2026-12-31 }.",
              "if": { "type": "object" },
              "then": { "$ref": "#/$defs/terms" },
              "else": { "$ref": "#/$defs/mention" }
            },
            "terms": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "who": {
                  "description": "A person or a team.",
                  "anyOf": [{ "$ref": "#/$defs/mention" }, { "type": "null" }]
                },
                "csv": {
                  "description": "A CSV file, relative to this file: everyone in it.",
                  "type": ["string", "number", "boolean", "null"],
                  "minLength": 1
                },
                "column": {
                  "description": "The CSV file's column with the numbers.",
                  "$ref": "#/$defs/text",
                  "default": "phone"
                },
                "empty": {
                  "description": "true: the CSV file may have no rows below its header.",
                  "enum": [true, false, "true", "false", null],
                  "default": false
                },
                "from": {
                  "description": "The first day, in UTC, such as 2026-01-01.",
                  "$ref": "#/$defs/day"
                },
                "until": {
                  "description": "The last day, in UTC, such as 2026-12-31.",
                  "$ref": "#/$defs/day"
                },
                "reason": {
                  "description": "Shown in the plan.",
                  "$ref": "#/$defs/text"
                }
              },
              "if": { "required": ["csv"], "properties": { "csv": { "not": { "type": "null" } } } },
              "then": { "properties": { "who": { "type": "null" } } },
              "else": {
                "required": ["who"],
                "properties": { "who": { "not": { "type": "null" } }, "column": { "type": "null" }, "empty": { "type": "null" } }
              }
            },
            "person": {
              "description": "A phone number, a JID, or { phone: …, lid: …, note: … }.",
              "if": { "type": "object" },
              "then": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                  "phone": {
                    "description": "A phone number with + and the country code.",
                    "anyOf": [{ "$ref": "#/$defs/phone" }, { "type": "null" }]
                  },
                  "lid": {
                    "description": "WhatsApp's own id of the account, such as 205227043110953@lid; it stays the same if the number changes.",
                    "anyOf": [{ "$ref": "#/$defs/lid" }, { "type": "null" }]
                  },
                  "note": {
                    "description": "A note for people who read the policy.",
                    "$ref": "#/$defs/text"
                  },
                  "until": {
                    "description": "The last day, in UTC, such as 2026-12-31. After it no entry for this person counts: they leave every group.",
                    "$ref": "#/$defs/day"
                  }
                },
                "anyOf": [
                  { "required": ["phone"], "properties": { "phone": { "not": { "type": "null" } } } },
                  { "required": ["lid"], "properties": { "lid": { "not": { "type": "null" } } } }
                ]
              },
              "else": { "anyOf": [{ "$ref": "#/$defs/phone" }, { "$ref": "#/$defs/lid" }] }
            },
            "mention": {
              "description": "The name of a person or a team, a phone number with + and the country code, or a JID.",
              "anyOf": [
                { "$ref": "#/$defs/phone" },
                { "$ref": "#/$defs/lid" },
                { "$ref": "#/$defs/name" },
                { "type": "boolean" }
              ]
            },
            "name": {
              "description": "Up to 64 letters, digits, dots, dashes and underscores; the first is a letter.",
              "type": "string",
              "maxLength": 64,
              "pattern": "^[^\\u0000-@\\[-`{-\\u007f][^\\u0000-,/:-@\\[-^`{-\\u007f]*$"
            },
            "phone": {
              "description": "A phone number with + and the country code, such as +62 812-3456-7890, or a JID.",
              "type": ["string", "number"],
              "minimum": 1,
              "anyOf": [
                {
                  "pattern": "^(?!.*[0-9]\\.[0-9][ \\t.()\\[\\]\\u00a0\\u2000-\\u200a\\u2010-\\u2015\\u202f\\u205f\\u2212\\u3000-]*$)(?!\\+[0-9]{7,}\\.[0-9]+$)(?!.*[1-9].*[(\\[][^()\\[\\]0-9]*0[^()\\[\\]0-9]*[)\\]])[ \\t.()\\[\\]\\u00a0\\u2000-\\u200a\\u2010-\\u2015\\u202f\\u205f\\u2212\\u3000-]*(\\+|0[ \\t.()\\[\\]\\u00a0\\u2000-\\u200a\\u2010-\\u2015\\u202f\\u205f\\u2212\\u3000-]*0)([ \\t.()\\[\\]\\u00a0\\u2000-\\u200a\\u2010-\\u2015\\u202f\\u205f\\u2212\\u3000-]*[1-9])([ \\t.()\\[\\]\\u00a0\\u2000-\\u200a\\u2010-\\u2015\\u202f\\u205f\\u2212\\u3000-]*[0-9]){6,14}[ \\t.()\\[\\]\\u00a0\\u2000-\\u200a\\u2010-\\u2015\\u202f\\u205f\\u2212\\u3000-]*$"
                },
                { "pattern": "^[1-9][0-9]{6,14}(\\.[0-9]{1,5})?(:[0-9]{1,5})?@(s\\.whatsapp\\.net|c\\.us)$" }
              ]
            },
            "lid": {
              "type": "string",
              "pattern": "^[1-9][0-9]{0,18}(\\.[0-9]{1,5})?(:[0-9]{1,5})?@lid$"
            },
            "session": {
              "type": ["string", "number", "boolean", "null"],
              "pattern": "^(?!\\.{1,2}$)[A-Za-z0-9._-]{1,128}$"
            },
            "gateway": {
              "type": ["string", "number", "boolean", "null"],
              "pattern": "^(?!\\.{1,2}$)[A-Za-z0-9._-]{1,64}$"
            },
            "day": {
              "type": ["string", "null"],
              "format": "date",
              "pattern": "^(19[7-9]|[2-9][0-9]{2})[0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
            },
            "count": {
              "type": ["integer", "string", "null"],
              "pattern": "^[0-9]+$"
            },
            "text": { "type": ["string", "number", "boolean", "null"] }
          }
        }

        """#
}
