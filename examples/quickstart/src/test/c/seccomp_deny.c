/* seccomp_deny ERRNO|kill PROGRAM ARGS…: runs a program without io_uring. The kernel refuses the call, as under a container's
   profile, or kills the process for it, as under systemd's SystemCallFilter. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 3) return fputs("usage: seccomp_deny ERRNO|kill PROGRAM ARGS...\n", stderr), 2;
    const unsigned answer = strcmp(argv[1], "kill") ? SECCOMP_RET_ERRNO | (atoi(argv[1]) & SECCOMP_RET_DATA)
                                                    : SECCOMP_RET_KILL_PROCESS;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        /* io_uring_setup, _enter and _register have the same numbers on x86-64 and arm64. */
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 425, 0, 2),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 427, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, answer),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        return perror("seccomp"), 2;
    execvp(argv[2], argv + 2);
    return perror(argv[2]), 2;
}
