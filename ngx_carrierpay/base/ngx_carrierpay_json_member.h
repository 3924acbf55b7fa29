
/*
 * Members of the JSON objects that are answered and delivered: a comma, the
 * name, and the value.  The functions write and return the position after it.
 */


#ifndef _NGX_CARRIERPAY_JSON_MEMBER_H_INCLUDED_
#define _NGX_CARRIERPAY_JSON_MEMBER_H_INCLUDED_


#include <ngx_config.h>
#include <ngx_core.h>


/* The bytes that a text needs beside its quotes; data NULL needs none. */
size_t ngx_carrierpay_json_member_size(const ngx_str_t *text);

/* ,"name":"text", or null when data is NULL. */
u_char *ngx_carrierpay_json_member_text(u_char *p, const char *name,
    const ngx_str_t *text);

/* ,"name":"2026-11-30T08:00:00.000Z", of Unix ms. */
u_char *ngx_carrierpay_json_member_time(u_char *p, const char *name,
    int64_t ms);


#endif /* _NGX_CARRIERPAY_JSON_MEMBER_H_INCLUDED_ */
