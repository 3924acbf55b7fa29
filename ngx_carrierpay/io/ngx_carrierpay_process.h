
/*
 * Names of processes, by which another process can tell for certain that one
 * has ended: of the same machine, and in the same pid namespace.
 *
 * A name is "BOOT:NAMESPACE:PID:START": the id of the machine's boot, the
 * inode of the namespace, the pid, and the clock ticks between the boot and
 * the start of the process.  No two processes have the same name, since a pid
 * that is used again has another start.
 *
 * The functions read small files of /proc, which does not wait.
 */


#ifndef _NGX_CARRIERPAY_PROCESS_H_INCLUDED_
#define _NGX_CARRIERPAY_PROCESS_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


#define NGX_CARRIERPAY_PROCESS_NAME_LEN  128     /* at most */


/*
 * Writes the name of the calling process and returns the position after it;
 * p itself, when /proc does not tell it.
 */
u_char *ngx_carrierpay_process_name(u_char *p);

/*
 * Has the process with this name ended?  1: for certain.  0: it runs, or it is
 * of another machine or namespace, or the name is none.
 */
ngx_uint_t ngx_carrierpay_process_ended(const ngx_str_t *name);


#endif /* _NGX_CARRIERPAY_PROCESS_H_INCLUDED_ */
