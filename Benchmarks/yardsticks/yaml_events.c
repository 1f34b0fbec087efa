/* yaml_events FILE: reads the events of a YAML file with libyaml, keeps none, and prints their number. */
#include <stdio.h>
#include <yaml.h>

int main(int count, char **arguments) {
    FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
    if (file == NULL) return 66;
    yaml_parser_t parser;
    yaml_event_t event;
    if (!yaml_parser_initialize(&parser)) return 71;
    yaml_parser_set_input_file(&parser, file);
    long events = 0;
    for (int ended = 0; !ended; events++) {
        if (!yaml_parser_parse(&parser, &event)) return 65;
        ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    fclose(file);
    printf("%ld events\n", events);
    return 0;
}
