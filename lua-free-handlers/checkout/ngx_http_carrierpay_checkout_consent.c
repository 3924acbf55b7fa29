
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include "ngx_http_carrierpay_checkout_consent.h"
#include "ngx_http_carrierpay_peer.h"


static void ngx_http_carrierpay_checkout_translate(
    ngx_carrierpay_consent_t *consent, const ngx_str_t *locale);


void
ngx_http_carrierpay_checkout_consent(ngx_http_request_t *r,
    ngx_http_carrierpay_checkout_request_t *cr,
    ngx_http_carrierpay_page_e page, ngx_carrierpay_consent_t *consent)
{
    ngx_memzero(consent, sizeof(ngx_carrierpay_consent_t));

    consent->locale = cr->lang->tag;
    ngx_http_carrierpay_pages_hash(cr->pages, cr->lang, page, &consent->page);

    consent->translate = ngx_http_carrierpay_checkout_translate;
    consent->pages = cr->pages;
    consent->number = page;

    ngx_http_carrierpay_peer_text(r, &consent->address);

    if (r->headers_in.user_agent) {
        consent->agent = r->headers_in.user_agent->value;
    }
}


static void
ngx_http_carrierpay_checkout_translate(ngx_carrierpay_consent_t *consent,
    const ngx_str_t *locale)
{
    const ngx_carrierpay_language_t  *lang;

    lang = ngx_carrierpay_language_find(locale);

    if (lang) {
        consent->locale = lang->tag;
        ngx_http_carrierpay_pages_hash(consent->pages, lang, consent->number,
                                       &consent->page);
    }
}
