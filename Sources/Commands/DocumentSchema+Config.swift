extension DocumentSchema {
    /// Text of `schemas/config.schema.json`, written here by `make schemas`.
    static let configText = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "rollcall.yaml",
          "description": "The gateway, the policies, and the limits of a run. Only `policies` and a gateway's `url` are required; the URL may also come from ROLLCALL_GATEWAY_URL.",
          "type": "object",
          "required": ["policies"],
          "additionalProperties": false,
          "properties": {
            "version": {
              "description": "The version of this file's format.",
              "enum": [1, "1", null],
              "default": 1
            },
            "gateway": {
              "description": "The gateway; its name is `default`. If there are several, write `gateways` instead.",
              "anyOf": [{ "$ref": "#/$defs/gateway" }, { "type": "null" }]
            },
            "gateways": {
              "description": "Several gateways: a name for each, with its `url` below it. Groups then name their gateway.",
              "type": ["object", "null"],
              "minProperties": 1,
              "propertyNames": {
                "$ref": "#/$defs/id",
                "maxLength": 64,
                "not": { "pattern": "^(wa_|eyJ)" }
              },
              "additionalProperties": { "$ref": "#/$defs/gateway" },
              "if": { "minProperties": 2 },
              "then": {
                "additionalProperties": { "required": ["url"], "properties": { "url": { "type": "string" } } }
              }
            },
            "policies": {
              "description": "Policy files, folders (searched for *.yaml and *.yml) and patterns, relative to this file.",
              "type": "array",
              "minItems": 1,
              "items": { "$ref": "#/$defs/word" },
              "default": ["policies"]
            },
            "csv": {
              "description": "Where policies may read CSV files.",
              "type": ["object", "null"],
              "additionalProperties": false,
              "properties": {
                "outside": {
                  "description": "Whether CSV files may be outside the folder of the policy that names them.",
                  "enum": [true, false, "true", "false", null],
                  "default": false
                }
              }
            },
            "ledger": {
              "description": "The SQLite file that records runs and calls, relative to this file.",
              "anyOf": [{ "$ref": "#/$defs/word" }, { "type": "null" }],
              "default": "rollcall.sqlite"
            },
            "limits": {
              "description": "How many removals and demotions are allowed. If they exceed a limit, Rollcall blocks all that the limit counts.",
              "type": ["object", "null"],
              "additionalProperties": false,
              "properties": {
                "removals": {
                  "description": "Removals and demotions per group and run: a number, or a percentage of the group's size.",
                  "anyOf": [
                    { "type": ["integer", "null"], "minimum": 0, "maximum": 100000 },
                    { "type": "string", "pattern": "^([0-9]+|0*(100|[0-9]{1,2})%)$" }
                  ],
                  "default": "25%"
                },
                "removals_floor": {
                  "description": "The number of removals and demotions that are always allowed in a group, whatever the percentage.",
                  "$ref": "#/$defs/count",
                  "minimum": 0,
                  "maximum": 100000,
                  "default": 3
                },
                "removals_per_run": {
                  "description": "Removals and demotions over all groups of a run: a number, or a percentage of all memberships in these groups. With a percentage, 20 are always allowed.",
                  "anyOf": [
                    { "type": ["integer", "null"], "minimum": 0, "maximum": 1000000 },
                    { "type": "string", "pattern": "^([0-9]+|0*(100|[0-9]{1,2})%)$" }
                  ],
                  "default": "2%"
                },
                "removals_per_person": {
                  "description": "The maximum number of groups in which one person may be removed or demoted in a run.",
                  "$ref": "#/$defs/count",
                  "minimum": 0,
                  "maximum": 1000000,
                  "default": 10
                },
                "removals_per_source": {
                  "description": "The maximum number of people that one team or CSV file may lose in a run. A loss of more than a quarter of its people is also blocked, if it makes more than three removals and demotions.",
                  "$ref": "#/$defs/count",
                  "minimum": 0,
                  "maximum": 1000000,
                  "default": 10
                },
                "min_other_admins": {
                  "description": "The minimum number of admins left in every group, besides the session's own account.",
                  "$ref": "#/$defs/count",
                  "minimum": 0,
                  "maximum": 1024,
                  "default": 1
                },
                "min_admins": {
                  "description": "The minimum number of admins left in every group. The session's own account counts.",
                  "$ref": "#/$defs/count",
                  "minimum": 1,
                  "maximum": 1024,
                  "default": 1
                },
                "group_size": {
                  "description": "The maximum number of members of a group.",
                  "$ref": "#/$defs/count",
                  "minimum": 2,
                  "maximum": 100000,
                  "default": 1024
                }
              }
            },
            "pace": {
              "description": "How fast changes are sent.",
              "type": ["object", "null"],
              "additionalProperties": false,
              "properties": {
                "calls_per_minute": {
                  "description": "Changes sent per minute and session; 0 sends without pauses.",
                  "$ref": "#/$defs/count",
                  "minimum": 0,
                  "maximum": 6000,
                  "default": 20
                },
                "jitter": {
                  "description": "Each pause is longer by a random share, at most this: 0.5 means up to 50% longer.",
                  "$ref": "#/$defs/decimal",
                  "minimum": 0,
                  "maximum": 10,
                  "default": 0.5
                },
                "adds_per_call": {
                  "description": "People per add call.",
                  "$ref": "#/$defs/count",
                  "minimum": 1,
                  "maximum": 100,
                  "default": 1
                },
                "adds_per_day": {
                  "description": "Adds per session in 24 hours; 0 means no limit.",
                  "$ref": "#/$defs/count",
                  "minimum": 0,
                  "maximum": 1000000,
                  "default": 50
                },
                "settle": {
                  "description": "How long a change may take to show in the member list, up to 1h.",
                  "$ref": "#/$defs/duration",
                  "default": "5s"
                }
              }
            },
            "read": {
              "description": "How member lists are read.",
              "type": ["object", "null"],
              "additionalProperties": false,
              "properties": {
                "concurrency": {
                  "description": "Groups read at the same time.",
                  "$ref": "#/$defs/count",
                  "minimum": 1,
                  "maximum": 64,
                  "default": 8
                },
                "timeout": {
                  "description": "Timeout of one read, from 1s to 10m.",
                  "$ref": "#/$defs/duration",
                  "default": "30s"
                }
              }
            },
            "declined": {
              "description": "When to try again to add people who were added but never appeared.",
              "type": ["object", "null"],
              "additionalProperties": false,
              "properties": {
                "retry_after": {
                  "description": "The wait after the first declined try, from 1m to 365d.",
                  "$ref": "#/$defs/duration",
                  "default": "1d"
                },
                "backoff": {
                  "description": "How many times longer each further wait is.",
                  "$ref": "#/$defs/decimal",
                  "minimum": 1,
                  "maximum": 100,
                  "default": 2
                },
                "give_up_after": {
                  "description": "Declined tries before Rollcall gives up and leaves it to you.",
                  "$ref": "#/$defs/count",
                  "minimum": 1,
                  "maximum": 100,
                  "default": 4
                }
              }
            },
            "metrics": {
              "description": "Metrics for Prometheus.",
              "type": ["object", "null"],
              "additionalProperties": false,
              "properties": {
                "textfile": {
                  "description": "A file that Rollcall replaces after each run, for a textfile collector. Its name ends in .prom. Relative to this file.",
                  "type": ["string", "null"],
                  "pattern": "\\.prom$"
                }
              }
            },
            "notify": {
              "description": "Webhooks that get the result of each `apply`.",
              "type": ["array", "null"],
              "maxItems": 20,
              "items": {
                "type": "object",
                "required": ["url", "on"],
                "additionalProperties": false,
                "properties": {
                  "url": { "description": "Where to find the address: `{ env: NAME }` or `{ file: PATH }`, never the address itself.", "$ref": "#/$defs/secret" },
                  "on": {
                    "description": "Which results it gets. changes: changes were made; failure: the run, a group or a call failed; withheld: removals or demotions were blocked.",
                    "type": "array",
                    "minItems": 1,
                    "items": { "enum": ["changes", "failure", "withheld"] }
                  },
                  "format": {
                    "description": "Rollcall's own JSON document, or one text in Slack's format.",
                    "enum": ["json", "slack", null],
                    "default": "json"
                  }
                }
              }
            },
            "ping": {
              "description": "A monitor that alerts if no ping arrives. It gets a request when `apply --yes` begins and ends: at `url`, with /start and /fail appended, or at three other URLs.",
              "type": ["object", "null"],
              "additionalProperties": false,
              "properties": {
                "url": { "description": "Requested when a run ends with exit code 0; with /start when it begins; with /fail when it ends with another exit code.", "anyOf": [{ "$ref": "#/$defs/secret" }, { "type": "null" }] },
                "started": { "description": "Requested when a run begins.", "anyOf": [{ "$ref": "#/$defs/secret" }, { "type": "null" }] },
                "succeeded": { "description": "Requested when a run ends with exit code 0.", "anyOf": [{ "$ref": "#/$defs/secret" }, { "type": "null" }] },
                "failed": { "description": "Requested when a run ends with another exit code.", "anyOf": [{ "$ref": "#/$defs/secret" }, { "type": "null" }] }
              },
              "if": { "required": ["url"], "properties": { "url": { "type": "object" } } },
              "then": {
                "properties": { "started": { "type": "null" }, "succeeded": { "type": "null" }, "failed": { "type": "null" } }
              }
            }
          },
          "if": { "required": ["gateways"], "properties": { "gateways": { "type": "object" } } },
          "then": { "properties": { "gateway": { "type": "null" } } },
          "$defs": {
            "gateway": {
              "type": "object",
              "additionalProperties": false,
              "properties": {
                "url": {
                  "description": "The gateway's address, such as https://gateway.example.com; Rollcall appends /api/v1. http:// is allowed for this computer only.",
                  "type": ["string", "null"],
                  "pattern": "^([Hh][Tt][Tt][Pp][Ss]://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])|[Hh][Tt][Tt][Pp]://([Ll][Oo][Cc][Aa][Ll][Hh][Oo][Ss][Tt]|127\\.[0-9.]+|\\[::1\\]))(:0*[1-9][0-9]{0,4})?(?!.*/api/v1/*$)(/[!-~]*)?$",
                  "not": { "type": "string", "pattern": "[?#\\\\]" }
                },
                "token": {
                  "description": "Where to find the api-key: `{ env: NAME }` or `{ file: PATH }`, never the key itself. The variable ROLLCALL_TOKEN overrides it.",
                  "anyOf": [{ "$ref": "#/$defs/secret" }, { "type": "null" }],
                  "default": { "env": "ROLLCALL_TOKEN" }
                },
                "ca_file": {
                  "description": "A file of certificates to trust instead of the system's, relative to this file.",
                  "anyOf": [{ "$ref": "#/$defs/word" }, { "type": "null" }]
                },
                "self": {
                  "description": "The phone number of each session's own account, by session id, if the api-key may not read it.",
                  "type": ["object", "null"],
                  "propertyNames": { "$ref": "#/$defs/id" },
                  "additionalProperties": { "$ref": "#/$defs/phone" }
                },
                "refresh": {
                  "description": "When a run asks the gateway to read its groups from WhatsApp again (a backfill) before it plans. This needs a login token whose platform role is super_admin.",
                  "type": ["object", "null"],
                  "additionalProperties": false,
                  "properties": {
                    "token": {
                      "description": "Where to find the login token: `{ env: NAME }` or `{ file: PATH }`. Default: the gateway's own token.",
                      "anyOf": [{ "$ref": "#/$defs/secret" }, { "type": "null" }]
                    },
                    "older_than": {
                      "description": "The gateway reads a session's groups again if its last reading is older than this, from 1h to 365d.",
                      "$ref": "#/$defs/duration",
                      "default": "20h"
                    },
                    "wait": {
                      "description": "How long a run waits for the backfill, up to 1h.",
                      "$ref": "#/$defs/duration",
                      "default": "5m"
                    },
                    "after_apply": {
                      "description": "Whether an apply asks for another reading at its end, if it made changes that do not show yet.",
                      "enum": [true, false, "true", "false", null],
                      "default": false
                    }
                  }
                }
              }
            },
            "id": {
              "description": "Letters a to z, digits, dashes, dots and underscores.",
              "type": ["string", "number", "boolean"],
              "pattern": "^(?!\\.{1,2}$)[A-Za-z0-9._-]{1,128}$"
            },
            "secret": {
              "type": "object",
              "minProperties": 1,
              "maxProperties": 1,
              "additionalProperties": false,
              "properties": {
                "env": {
                  "description": "The name of an environment variable.",
                  "type": ["string", "boolean"],
                  "pattern": "^(?!wa_|eyJ)[A-Za-z_][A-Za-z0-9_]{0,127}$"
                },
                "file": {
                  "description": "A file that contains the secret and nothing else, relative to this file.",
                  "$ref": "#/$defs/word",
                  "pattern": "^(?!wa_|eyJ)(?!.*://)"
                }
              }
            },
            "word": {
              "type": ["string", "number", "boolean"],
              "minLength": 1
            },
            "count": {
              "type": ["integer", "string", "null"],
              "pattern": "^[0-9]+$"
            },
            "decimal": {
              "type": ["number", "string", "null"],
              "pattern": "^([0-9]+\\.?[0-9]*|\\.[0-9]+)$"
            },
            "duration": {
              "type": ["string", "null"],
              "pattern": "^[0-9]{1,12}(ms|s|m|h|d)$"
            },
            "phone": {
              "description": "A phone number with + and the country code, such as +62 812-3456-7890, or a JID.",
              "type": ["string", "number"],
              "minimum": 1,
              "anyOf": [
                {
                  "pattern": "^(?!.*[1-9].*[(\\[][^()\\[\\]0-9]*0[^()\\[\\]0-9]*[)\\]])[ \\t.()\\[\\]\\u00a0\\u2000-\\u200a\\u2010-\\u2015\\u202f\\u205f\\u2212\\u3000-]*(\\+|0[ \\t.()\\[\\]\\u00a0\\u2000-\\u200a\\u2010-\\u2015\\u202f\\u205f\\u2212\\u3000-]*0)([ \\t.()\\[\\]\\u00a0\\u2000-\\u200a\\u2010-\\u2015\\u202f\\u205f\\u2212\\u3000-]*[1-9])([ \\t.()\\[\\]\\u00a0\\u2000-\\u200a\\u2010-\\u2015\\u202f\\u205f\\u2212\\u3000-]*[0-9]){6,14}[ \\t.()\\[\\]\\u00a0\\u2000-\\u200a\\u2010-\\u2015\\u202f\\u205f\\u2212\\u3000-]*$"
                },
                { "pattern": "^[1-9][0-9]{6,14}(\\.[0-9]{1,5})?(:[0-9]{1,5})?@(s\\.whatsapp\\.net|c\\.us)$" }
              ]
            }
          }
        }

        """#
}
