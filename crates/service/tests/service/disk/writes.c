/* Notes what a program writes to the files below a folder, and what of it is synced: loaded before the C library (LD_PRELOAD), so it stands
 * below SQLite and above the disk. What was not synced when the power goes may be lost.
 *
 * MOSTIK_DISK_OF: the folder. MOSTIK_DISK_NOTES: the file for the notes. MOSTIK_DISK_LIES: set where syncs are to be no syncs.
 *
 * A note: kind (W, T: size, S: synced, U: unlinked), length of the path, offset or size, length of the data, as four numbers of 8 bytes,
 * little endian; then path and data. Each is appended in one write.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int notes = -1;
static const char *folder;
static int lies;

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("MOSTIK_DISK_NOTES");
    folder = getenv("MOSTIK_DISK_OF");
    lies = getenv("MOSTIK_DISK_LIES") != NULL;
    if (file && folder) notes = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* The path of a file or folder of ours, without the folder's; NULL: somebody else's. */
static const char *ours(int fd, char *path) {
    struct stat about;
    char link[64];
    if (notes < 0 || fstat(fd, &about) || !(S_ISREG(about.st_mode) || S_ISDIR(about.st_mode))) return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return NULL;
    path[length] = 0;
    size_t all = strlen(folder);
    if (strncmp(path, folder, all)) return NULL;
    if (!path[all]) return path + all;
    return path[all] == '/' && strstr(path + all, ".sqlite") ? path + all + 1 : NULL;
}

static void note(char kind, const char *path, uint64_t at, const void *data, size_t length) {
    int known = errno;
    uint64_t head[4] = { (uint64_t)kind, strlen(path), at, length };
    struct iovec parts[3] = { { head, sizeof head }, { (void *)path, strlen(path) }, { (void *)data, length } };
    if (writev(notes, parts, 3) < 0) abort();
    errno = known;
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *data, size_t length) {
    REAL(write);
    char path[PATH_MAX];
    const char *file = ours(fd, path);
    off_t at = file ? lseek(fd, 0, SEEK_CUR) : 0;
    ssize_t done = real(fd, data, length);
    if (file && done > 0) note('W', file, (uint64_t)at, data, (size_t)done);
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t at) {
    REAL(pwrite64);
    char path[PATH_MAX];
    const char *file = ours(fd, path);
    ssize_t done = real(fd, data, length, at);
    if (file && done > 0) note('W', file, (uint64_t)at, data, (size_t)done);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t at) { return pwrite64(fd, data, length, at); }

int ftruncate64(int fd, off64_t size) {
    REAL(ftruncate64);
    char path[PATH_MAX];
    const char *file = ours(fd, path);
    int failed = real(fd, size);
    if (file && !failed) note('T', file, (uint64_t)size, "", 0);
    return failed;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int synced(int fd, int failed) {
    char path[PATH_MAX];
    const char *file = failed || lies ? NULL : ours(fd, path);
    if (file) note('S', file, 0, "", 0);
    return failed;
}

int fsync(int fd) {
    REAL(fsync);
    return synced(fd, real(fd));
}

int fdatasync(int fd) {
    REAL(fdatasync);
    return synced(fd, real(fd));
}

int unlink(const char *path) {
    REAL(unlink);
    int failed = real(path);
    size_t all = notes < 0 ? 0 : strlen(folder);
    if (all && !failed && !strncmp(path, folder, all) && path[all] == '/') note('U', path + all + 1, 0, "", 0);
    return failed;
}
