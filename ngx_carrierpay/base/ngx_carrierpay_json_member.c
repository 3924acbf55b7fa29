
#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_json_member.h"
#include "ngx_carrierpay_text.h"
#include "ngx_carrierpay_time.h"


size_t
ngx_carrierpay_json_member_size(const ngx_str_t *text)
{
    return text->len ? ngx_carrierpay_text_json_size(text->data, text->len)
                     : 0;
}


u_char *
ngx_carrierpay_json_member_text(u_char *p, const char *name,
    const ngx_str_t *text)
{
    p = ngx_sprintf(p, ",\"%s\":", name);

    if (text->data == NULL) {
        return ngx_cpymem(p, "null", 4);
    }

    *p++ = '"';
    p = ngx_carrierpay_text_json(p, text->data, text->len);
    *p++ = '"';

    return p;
}


u_char *
ngx_carrierpay_json_member_time(u_char *p, const char *name, int64_t ms)
{
    p = ngx_sprintf(p, ",\"%s\":\"", name);
    p = ngx_carrierpay_time_print(p, ms);
    *p++ = '"';

    return p;
}
