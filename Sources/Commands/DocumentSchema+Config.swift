extension DocumentSchema {
    /// What `schemas/config.schema.json` says; `make schemas` wrote it here.
    static let configText = #"""
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "rollcall.yaml",
          "description": "Where the gateway is, where the policies are, and how careful a run must be. `policies` and a gateway's `url` are all that is needed; the URL may also come from ROLLCALL_GATEWAY_URL.",
          "type": "object",
          "required": ["policies"],
          "additionalProperties": false,
          "properties": {
            "version": {
              "description": "The form of this file.",
              "enum": [1, "1", null],
              "default": 1
            },
            "gateway": {
              "description": "The gateway; its name is `default`. Write `gateways` instead where there are several.",
              "anyOf": [{ "$ref": "#/$defs/gateway" }, { "type": "null" }]
            },
            "gateways": {
              "description": "Several gateways: a name for each, with its `url` below it. Groups then say which they belong to.",
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
              "description": "What policies may do with CSV files.",
              "type": ["object", "null"],
              "additionalProperties": false,
              "properties": {
                "outside": {
                  "description": "Whether CSV files may lie outside of the folder of the policy that names them.",
                  "enum": [true, false, "true", "false", null],
                  "default": false
                }
              }
            },
            "ledger": {
              "description": "The SQLite file that remembers what was done, relative to this file.",
              "anyOf": [{ "$ref": "#/$defs/word" }, { "type": "null" }],
              "default": "rollcall.sqlite"
            },
            "limits": {
              "description": "How much may be taken away. A limit that would be exceeded withholds all of the removals and demotions that it counts.",
              "type": ["object", "null"],
              "additionalProperties": false,
              "properties": {
                "removals": {
                  "description": "Demotions and removals per group and run: a number, or a percentage of the group's size.",
                  "anyOf": [
                    { "type": ["integer", "null"], "minimum": 0, "maximum": 100000 },
                    { "type": "string", "pattern": "^([0-9]+|0*(100|[0-9]{1,2})%)$" }
                  ],
                  "default": "25%"
                },
                "removals_floor": {
                  "description": "So many demotions and removals are always allowed in a group, whatever the percentage.",
                  "$ref": "#/$defs/count",
                  "minimum": 0,
                  "maximum": 100000,
                  "default": 3
                },
                "removals_per_run": {
                  "description": "Demotions and removals over all groups of a run: a number, or a share of all their memberships, of which 20 are always allowed.",
                  "anyOf": [
                    { "type": ["integer", "null"], "minimum": 0, "maximum": 1000000 },
                    { "type": "string", "pattern": "^([0-9]+|0*(100|[0-9]{1,2})%)$" }
                  ],
                  "default": "2%"
                },
                "removals_per_person": {
                  "description": "In how many groups one person may lose something in a run.",
                  "$ref": "#/$defs/count",
                  "minimum": 0,
                  "maximum": 1000000,
                  "default": 10
                },
                "removals_per_source": {
                  "description": "How many people one team or CSV file may lose in a run. More than a quarter of whom it named is too many in any case.",
                  "$ref": "#/$defs/count",
                  "minimum": 0,
                  "maximum": 1000000,
                  "default": 10
                },
                "min_other_admins": {
                  "description": "No group is left with fewer admins besides the session's own account.",
                  "$ref": "#/$defs/count",
                  "minimum": 0,
                  "maximum": 1024,
                  "default": 1
                },
                "min_admins": {
                  "description": "No group is left with fewer admins. The session's own account counts.",
                  "$ref": "#/$defs/count",
                  "minimum": 1,
                  "maximum": 1024,
                  "default": 1
                },
                "group_size": {
                  "description": "The most members of a group.",
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
                  "description": "Each pause is stretched by a random share up to this.",
                  "$ref": "#/$defs/decimal",
                  "minimum": 0,
                  "maximum": 10,
                  "default": 0.5
                },
                "adds_per_call": {
                  "description": "People named in one call that adds.",
                  "$ref": "#/$defs/count",
                  "minimum": 1,
                  "maximum": 100,
                  "default": 1
                },
                "adds_per_day": {
                  "description": "People added per session in 24 hours; 0 sets no bound.",
                  "$ref": "#/$defs/count",
                  "minimum": 0,
                  "maximum": 1000000,
                  "default": 50
                },
                "settle": {
                  "description": "How long a change may take to show in the roster, up to 1h.",
                  "$ref": "#/$defs/duration",
                  "default": "5s"
                }
              }
            },
            "read": {
              "description": "How rosters are read.",
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
                  "description": "How long one read may take, from 1s to 10m.",
                  "$ref": "#/$defs/duration",
                  "default": "30s"
                }
              }
            },
            "declined": {
              "description": "When people whom WhatsApp would not let us add are tried again.",
              "type": ["object", "null"],
              "additionalProperties": false,
              "properties": {
                "retry_after": {
                  "description": "The pause after the first declined try, from 1m to 365d.",
                  "$ref": "#/$defs/duration",
                  "default": "1d"
                },
                "backoff": {
                  "description": "By how much each further pause is longer.",
                  "$ref": "#/$defs/decimal",
                  "minimum": 1,
                  "maximum": 100,
                  "default": 2
                },
                "give_up_after": {
                  "description": "Declined tries before a person is left to a human.",
                  "$ref": "#/$defs/count",
                  "minimum": 1,
                  "maximum": 100,
                  "default": 4
                }
              }
            },
            "metrics": {
              "description": "Figures for Prometheus.",
              "type": ["object", "null"],
              "additionalProperties": false,
              "properties": {
                "textfile": {
                  "description": "A file that is replaced after each run, for a collector that reads files. Its name ends in .prom. Relative to this file.",
                  "type": ["string", "null"],
                  "pattern": "\\.prom$"
                }
              }
            },
            "notify": {
              "description": "Webhooks that are told how `apply` ended.",
              "type": ["array", "null"],
              "maxItems": 20,
              "items": {
                "type": "object",
                "required": ["url", "on"],
                "additionalProperties": false,
                "properties": {
                  "url": { "description": "Where the address is found: `{ env: NAME }` or `{ file: PATH }`, never the address itself.", "$ref": "#/$defs/secret" },
                  "on": {
                    "description": "What it is told of: something was changed; the run, a group or a call failed; removals or demotions were withheld.",
                    "type": "array",
                    "minItems": 1,
                    "items": { "enum": ["changes", "failure", "withheld"] }
                  },
                  "format": {
                    "description": "This program's own document, or one text as Slack takes it.",
                    "enum": ["json", "slack", null],
                    "default": "json"
                  }
                }
              }
            },
            "ping": {
              "description": "A monitor of cron jobs that is told when `apply --yes` begins and ends: either `url`, behind which /start and /fail are put, or three URLs.",
              "type": ["object", "null"],
              "additionalProperties": false,
              "properties": {
                "url": { "description": "Asked for when a run ended with 0; with /start when it begins, with /fail when it ended otherwise.", "anyOf": [{ "$ref": "#/$defs/secret" }, { "type": "null" }] },
                "started": { "description": "Asked for when a run begins.", "anyOf": [{ "$ref": "#/$defs/secret" }, { "type": "null" }] },
                "succeeded": { "description": "Asked for when a run ended with 0.", "anyOf": [{ "$ref": "#/$defs/secret" }, { "type": "null" }] },
                "failed": { "description": "Asked for when a run ended otherwise.", "anyOf": [{ "$ref": "#/$defs/secret" }, { "type": "null" }] }
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
                  "description": "The gateway's address, such as https://gateway.example.com; /api/v1 is added to it. http:// is for this computer alone.",
                  "type": ["string", "null"],
                  "pattern": "^([Hh][Tt][Tt][Pp][Ss]://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])|[Hh][Tt][Tt][Pp]://([Ll][Oo][Cc][Aa][Ll][Hh][Oo][Ss][Tt]|127\\.[0-9.]+|\\[::1\\]))(:0*[1-9][0-9]{0,4})?(?!.*/api/v1/*$)(/[!-~]*)?$",
                  "not": { "type": "string", "pattern": "[?#\\\\]" }
                },
                "token": {
                  "description": "Where the api-key is found: `{ env: NAME }` or `{ file: PATH }`, never the key itself. The variable ROLLCALL_TOKEN overrides it.",
                  "anyOf": [{ "$ref": "#/$defs/secret" }, { "type": "null" }],
                  "default": { "env": "ROLLCALL_TOKEN" }
                },
                "ca_file": {
                  "description": "A file of certificates to trust instead of the system's, relative to this file.",
                  "anyOf": [{ "$ref": "#/$defs/word" }, { "type": "null" }]
                },
                "self": {
                  "description": "The own number of each session, by session id, where the api-key may not read them.",
                  "type": ["object", "null"],
                  "propertyNames": { "$ref": "#/$defs/id" },
                  "additionalProperties": { "$ref": "#/$defs/phone" }
                },
                "refresh": {
                  "description": "When a run has the gateway read its groups from WhatsApp anew, by a backfill, before it plans. It takes a login token whose platform role is super_admin.",
                  "type": ["object", "null"],
                  "additionalProperties": false,
                  "properties": {
                    "token": {
                      "description": "Where the login token is found: `{ env: NAME }` or `{ file: PATH }`; the gateway's own token where nothing is said.",
                      "anyOf": [{ "$ref": "#/$defs/secret" }, { "type": "null" }]
                    },
                    "older_than": {
                      "description": "A session's groups are read anew when its last reading is older, from 1h to 365d.",
                      "$ref": "#/$defs/duration",
                      "default": "20h"
                    },
                    "wait": {
                      "description": "How long a run waits for the backfill, up to 1h.",
                      "$ref": "#/$defs/duration",
                      "default": "5m"
                    },
                    "after_apply": {
                      "description": "Whether an apply has the groups read again at its end, where it has changed something that does not show yet.",
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
                  "description": "A file that holds the secret and nothing else, relative to this file.",
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
