/* send_calls URL TOKEN FILE LANES: sends calls with libcurl, as fast as they are answered, and prints their number.
 *
 * A line of the file is LANE, METHOD, PATH and BODY between tabs, the body possibly empty. Each lane is a thread with one
 * handle, and so one connection, that sends its lines one after another; answers are read and dropped. Any status
 * other than 2xx ends the program. */
#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct call {
    int lane;
    char *method, *path, *body;
};

static struct call *calls;
static size_t call_count;
static const char *base, *token;

static size_t drop(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes, (void)context;
    return size * count;
}

static void give_up(const char *what, const char *path) {
    fprintf(stderr, "send_calls: %s %s\n", what, path);
    exit(1);
}

static void *send_lane(void *argument) {
    int lane = *(int *)argument;
    char url[4096], authorization[512];
    snprintf(authorization, sizeof authorization, "Authorization: Bearer %s", token);
    struct curl_slist *headers = curl_slist_append(NULL, authorization);
    headers = curl_slist_append(headers, "Content-Type: application/json");
    CURL *curl = curl_easy_init();
    if (curl == NULL) give_up("no handle for", base);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    for (size_t index = 0; index < call_count; index++) {
        struct call *call = &calls[index];
        if (call->lane != lane) continue;
        snprintf(url, sizeof url, "%s%s", base, call->path);
        curl_easy_setopt(curl, CURLOPT_URL, url);
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
        if (call->body[0] != '\0' || strcmp(call->method, "DELETE") != 0) {
            curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body);
            curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(call->body));
        } else {
            curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
        }
        CURLcode code = curl_easy_perform(curl);
        if (code != CURLE_OK) give_up(curl_easy_strerror(code), call->path);
        long status = 0;
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        if (status < 200 || status > 299) give_up("was refused:", call->path);
    }
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    return NULL;
}

static void read_calls(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) give_up("cannot read", path);
    char *line = NULL;
    size_t room = 0, places = 0;
    ssize_t length;
    while ((length = getline(&line, &room, file)) > 0) {
        if (line[length - 1] == '\n') line[length - 1] = '\0';
        if (call_count == places) {
            places = places == 0 ? 1024 : places * 2;
            calls = realloc(calls, places * sizeof *calls);
            if (calls == NULL) give_up("no memory for", path);
        }
        char *rest = strdup(line);
        char *lane = strsep(&rest, "\t"), *method = strsep(&rest, "\t"), *target = strsep(&rest, "\t");
        if (lane == NULL || method == NULL || target == NULL || rest == NULL) give_up("a line is malformed in", path);
        calls[call_count++] = (struct call){atoi(lane), method, target, rest};
    }
    free(line);
    fclose(file);
}

int main(int count, char **arguments) {
    if (count != 5) return 64;
    base = arguments[1];
    token = arguments[2];
    read_calls(arguments[3]);
    int lanes = atoi(arguments[4]);
    if (lanes < 1 || lanes > 64) return 64;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    pthread_t threads[64];
    int numbers[64];
    for (int lane = 0; lane < lanes; lane++) {
        numbers[lane] = lane;
        if (pthread_create(&threads[lane], NULL, send_lane, &numbers[lane]) != 0) give_up("no thread for", base);
    }
    for (int lane = 0; lane < lanes; lane++) pthread_join(threads[lane], NULL);
    printf("%zu calls\n", call_count);
    return 0;
}
