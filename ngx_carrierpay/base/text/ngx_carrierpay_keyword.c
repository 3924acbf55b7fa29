
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_carrierpay_keyword.h>
#include <ngx_carrierpay_text.h>


static size_t ngx_carrierpay_keyword_gap(const u_char *p, const u_char *last);
static void ngx_carrierpay_keyword_trim(ngx_str_t *text);
static void ngx_carrierpay_keyword_cut(ngx_str_t *text, ngx_str_t *word);
static const ngx_carrierpay_keyword_t *ngx_carrierpay_keyword_find(
    const ngx_carrierpay_keyword_t *list, ngx_uint_t n, const ngx_str_t *word);
static u_char ngx_carrierpay_keyword_small(const ngx_str_t *word, size_t i);


static const ngx_str_t  ngx_carrierpay_keyword_actions[] = {
    ngx_string("stop"),
    ngx_string("stop_all"),
    ngx_string("answer"),
    ngx_string("pay"),
    ngx_string("help"),
    ngx_string("info")
};


static const ngx_carrierpay_keyword_t  ngx_carrierpay_keywords[] = {
    { ngx_string("stop"), NGX_CARRIERPAY_KEYWORD_STOP },
    { ngx_string("arret"), NGX_CARRIERPAY_KEYWORD_STOP },
    { ngx_string("arr\xc3\xaat"), NGX_CARRIERPAY_KEYWORD_STOP },
    { ngx_string("unsubscribe"), NGX_CARRIERPAY_KEYWORD_STOP },
    { ngx_string("end"), NGX_CARRIERPAY_KEYWORD_STOP },
    { ngx_string("quit"), NGX_CARRIERPAY_KEYWORD_STOP },
    { ngx_string("cancel"), NGX_CARRIERPAY_KEYWORD_STOP },
    { ngx_string("stopall"), NGX_CARRIERPAY_KEYWORD_STOP_ALL },
    { ngx_string("yes"), NGX_CARRIERPAY_KEYWORD_ANSWER },
    { ngx_string("oui"), NGX_CARRIERPAY_KEYWORD_ANSWER },
    { ngx_string("pay"), NGX_CARRIERPAY_KEYWORD_PAY },
    { ngx_string("payer"), NGX_CARRIERPAY_KEYWORD_PAY },
    { ngx_string("paye"), NGX_CARRIERPAY_KEYWORD_PAY },
    { ngx_string("paie"), NGX_CARRIERPAY_KEYWORD_PAY },
    { ngx_string("help"), NGX_CARRIERPAY_KEYWORD_HELP },
    { ngx_string("aide"), NGX_CARRIERPAY_KEYWORD_HELP },
    { ngx_string("info"), NGX_CARRIERPAY_KEYWORD_INFO }
};


/* The second words that turn "stop" into "stop_all". */

static const ngx_carrierpay_keyword_t  ngx_carrierpay_keyword_alls[] = {
    { ngx_string("all"), NGX_CARRIERPAY_KEYWORD_STOP_ALL },
    { ngx_string("tout"), NGX_CARRIERPAY_KEYWORD_STOP_ALL },
    { ngx_string("tous"), NGX_CARRIERPAY_KEYWORD_STOP_ALL }
};


#define ngx_carrierpay_keyword_n(list)  (sizeof(list) / sizeof(list[0]))


ngx_int_t
ngx_carrierpay_keyword_match(const ngx_carrierpay_keyword_t *list,
    ngx_uint_t n, const ngx_str_t *text, ngx_carrierpay_keyword_e *action,
    ngx_str_t *rest)
{
    ngx_str_t                        word, second, more;
    const ngx_carrierpay_keyword_t  *found;

    *rest = *text;

    if (!ngx_carrierpay_text_utf8_valid(text->data, text->len)) {
        rest->len = 0;
        return NGX_DECLINED;
    }

    ngx_carrierpay_keyword_trim(rest);

    more = *rest;
    ngx_carrierpay_keyword_cut(&more, &word);

    found = ngx_carrierpay_keyword_find(list, n, &word);

    if (found == NULL) {
        found = ngx_carrierpay_keyword_find(ngx_carrierpay_keywords,
                            ngx_carrierpay_keyword_n(ngx_carrierpay_keywords),
                                            &word);
    }

    if (found == NULL) {
        return NGX_DECLINED;
    }

    *action = found->action;
    *rest = more;

    if (found->action == NGX_CARRIERPAY_KEYWORD_STOP) {
        ngx_carrierpay_keyword_cut(&more, &second);

        if (ngx_carrierpay_keyword_find(ngx_carrierpay_keyword_alls,
                        ngx_carrierpay_keyword_n(ngx_carrierpay_keyword_alls),
                                        &second))
        {
            *action = NGX_CARRIERPAY_KEYWORD_STOP_ALL;
            *rest = more;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_keyword_word(ngx_str_t *word)
{
    size_t     i;
    ngx_str_t  rest, first;

    if (word->len > NGX_CARRIERPAY_KEYWORD_MAX
        || !ngx_carrierpay_text_utf8_valid(word->data, word->len))
    {
        return NGX_DECLINED;
    }

    rest = *word;
    ngx_carrierpay_keyword_cut(&rest, &first);

    if (first.len == 0 || first.len != word->len) {
        return NGX_DECLINED;
    }

    for (i = 0; i < word->len; i++) {
        word->data[i] = ngx_carrierpay_keyword_small(word, i);
    }

    return NGX_OK;
}


ngx_int_t
ngx_carrierpay_keyword_action(const ngx_str_t *name,
    ngx_carrierpay_keyword_e *action)
{
    ngx_uint_t        i;
    const ngx_str_t  *word;

    for (i = 0; i < ngx_carrierpay_keyword_n(ngx_carrierpay_keyword_actions);
         i++)
    {
        word = &ngx_carrierpay_keyword_actions[i];

        if (word->len == name->len
            && ngx_memcmp(word->data, name->data, name->len) == 0)
        {
            *action = (ngx_carrierpay_keyword_e) i;
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


/*
 * Returns the length of a character at p that is no part of a word, or 0 if
 * there is none.  Such are all characters of ASCII other than letters and
 * digits, U+0080 to U+00BF, U+2000 to U+2BFF (spaces, dashes, quotation marks,
 * arrows, hearts), U+FE00 to U+FE0F (which colour them), U+FEFF (the byte
 * order mark), U+FFFD (which stands for what cannot be read: often half an
 * emoji) and U+1F000 to U+1FFFF (emoji).
 */

static size_t
ngx_carrierpay_keyword_gap(const u_char *p, const u_char *last)
{
    if (p == last) {
        return 0;
    }

    if (*p < 0x80) {
        return !((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z')
                 || (*p >= '0' && *p <= '9'));
    }

    if (*p == 0xc2) {
        return 2;
    }

    if ((*p == 0xe2 && p[1] < 0xb0)
        || (*p == 0xef && ((p[1] == 0xb8 && p[2] < 0x90)
                           || (p[1] == 0xbb && p[2] == 0xbf)
                           || (p[1] == 0xbf && p[2] == 0xbd))))
    {
        return 3;
    }

    return (*p == 0xf0 && p[1] == 0x9f) ? 4 : 0;
}


/*
 * Removes such characters from both ends of a text.  Valid UTF-8 stays valid,
 * since whole characters are removed.
 */

static void
ngx_carrierpay_keyword_trim(ngx_str_t *text)
{
    u_char  *p, *last, *end;
    size_t   n;

    p = text->data;
    last = p + text->len;

    while ((n = ngx_carrierpay_keyword_gap(p, last)) != 0) {
        p += n;
    }

    text->data = p;
    end = p;

    while (p < last) {
        n = ngx_carrierpay_keyword_gap(p, last);

        if (n) {
            p += n;

        } else {
            end = ++p;
        }
    }

    text->len = end - text->data;
}


/* Cuts the first word off a text, which is trimmed before and after. */

static void
ngx_carrierpay_keyword_cut(ngx_str_t *text, ngx_str_t *word)
{
    u_char  *p, *last;

    p = text->data;
    last = p + text->len;

    while (p < last && ngx_carrierpay_keyword_gap(p, last) == 0) {
        p++;
    }

    word->data = text->data;
    word->len = p - text->data;

    text->data = p;
    text->len = last - p;

    ngx_carrierpay_keyword_trim(text);
}


static const ngx_carrierpay_keyword_t *
ngx_carrierpay_keyword_find(const ngx_carrierpay_keyword_t *list, ngx_uint_t n,
    const ngx_str_t *word)
{
    size_t      i;
    ngx_uint_t  k;

    for (k = 0; k < n; k++) {

        if (list[k].word.len != word->len) {
            continue;
        }

        for (i = 0; i < word->len; i++) {
            if (ngx_carrierpay_keyword_small(word, i) != list[k].word.data[i])
            {
                break;
            }
        }

        if (i == word->len) {
            return &list[k];
        }
    }

    return NULL;
}


/*
 * The letters U+00C0 to U+00DE have their small letters 32 after them; the
 * multiplication sign among them has none.
 */

static u_char
ngx_carrierpay_keyword_small(const ngx_str_t *word, size_t i)
{
    u_char  c;

    c = word->data[i];

    if (i && word->data[i - 1] == 0xc3) {
        return (c <= 0x9e && c != 0x97) ? c + 0x20 : c;
    }

    return ngx_tolower(c);
}
