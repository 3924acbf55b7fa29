
/*
 * What people read, in French.
 */


#include <ngx_config.h>
#include <ngx_core.h>
#include "ngx_carrierpay_language.h"


static const ngx_carrierpay_phrase_t  ngx_carrierpay_phrases_fr[] = {

    ngx_carrierpay_phrase("again", "Réessayer"),

    ngx_carrierpay_phrase("alert", "Attention :"),

    ngx_carrierpay_phrase("approve_advice",
        "Cette page continue d’elle-même. Il est inutile de payer à nouveau."),
    ngx_carrierpay_phrase("approve_text",
        "Votre opérateur vous le demande sur votre téléphone : validez-y le"
        " paiement, avec votre code secret."),
    ngx_carrierpay_phrase("approve_title", "Validez sur votre téléphone"),

    ngx_carrierpay_phrase("barred_",
        "Le paiement sur facture mobile n’est pas possible avec cette ligne."),
    ngx_carrierpay_phrase("barred_again",
        "Faire reconnaître une autre ligne en données mobiles"),
    ngx_carrierpay_phrase("barred_free", "Vous n’avez pas été débité."),
    ngx_carrierpay_phrase("barred_host", "Sur le réseau de"),
    ngx_carrierpay_phrase("barred_instead", "Ce que vous pouvez faire"),
    ngx_carrierpay_phrase("barred_operator", "Votre opérateur"),
    ngx_carrierpay_phrase("barred_title", "Cette ligne ne peut pas payer ici"),

    ngx_carrierpay_phrase("bill",
        "ajouté à votre facture {{operator}}{{#host}} (réseau"
        " {{host}}){{/host}}"),

    ngx_carrierpay_phrase("cancel", "Ne pas payer, retour à {{merchant}}"),

    ngx_carrierpay_phrase("canceled_text", "Vous n’avez pas été débité."),
    ngx_carrierpay_phrase("canceled_title", "Ce paiement a été annulé"),

    ngx_carrierpay_phrase("code_", "Votre opérateur a refusé le paiement."),
    ngx_carrierpay_phrase("code_amount_not_allowed",
        "Ce montant ne peut pas être ajouté à une facture de votre"
        " opérateur."),
    ngx_carrierpay_phrase("code_blocked_by_subscriber",
        "Les achats sont bloqués pour ce numéro."),
    ngx_carrierpay_phrase("code_currency_mismatch",
        "Votre opérateur ne facture pas dans cette devise."),
    ngx_carrierpay_phrase("code_currency_not_supported",
        "Votre opérateur ne facture pas dans cette devise."),
    ngx_carrierpay_phrase("code_declined_by_subscriber",
        "Le paiement a été refusé."),
    ngx_carrierpay_phrase("code_fixed_line",
        "Ce numéro est celui d’une ligne fixe. Seules les lignes mobiles"
        " peuvent payer."),
    ngx_carrierpay_phrase("code_insufficient_funds",
        "Votre solde ou votre crédit est insuffisant."),
    ngx_carrierpay_phrase("code_limit_exceeded",
        "Un plafond de dépenses est atteint pour cette période."),
    ngx_carrierpay_phrase("code_merchant_not_allowed",
        "Cette boutique ne peut pas être payée avec votre opérateur."),
    ngx_carrierpay_phrase("code_mvno_barred",
        "Les achats sur facture ne sont pas possibles chez votre"
        " fournisseur."),
    ngx_carrierpay_phrase("code_no_contract",
        "Cette boutique ne peut pas être payée avec votre opérateur."),
    ngx_carrierpay_phrase("code_not_a_number",
        "Ce n’est pas un numéro de téléphone qui peut payer ici."),
    ngx_carrierpay_phrase("code_number_ported",
        "Votre numéro a changé d’opérateur. Il doit être reconnu à nouveau."),
    ngx_carrierpay_phrase("code_operator_not_connected",
        "Votre opérateur ne propose pas ici le paiement sur facture."),
    ngx_carrierpay_phrase("code_operator_unavailable",
        "Votre opérateur est injoignable."),
    ngx_carrierpay_phrase("code_over_limit",
        "Le prix dépasse ce que votre opérateur autorise pour un achat."),
    ngx_carrierpay_phrase("code_service_not_allowed",
        "Cette boutique ne peut pas être payée avec votre opérateur."),
    ngx_carrierpay_phrase("code_subscriber_blocked",
        "Les achats sont bloqués sur votre ligne. Votre opérateur peut les"
        " débloquer."),
    ngx_carrierpay_phrase("code_subscriber_not_eligible",
        "Votre ligne ne permet pas ce paiement."),
    ngx_carrierpay_phrase("code_subscriber_not_found",
        "Votre opérateur ne connaît pas cette ligne."),

    ngx_carrierpay_phrase("confirm_pay",
        "Payer {{amount}}{{gap}}{{currency}}"),
    ngx_carrierpay_phrase("confirm_soon",
        "C’était très rapide. Regardez encore une fois le prix, puis appuyez"
        " à nouveau."),
    ngx_carrierpay_phrase("confirm_terms",
        "Vous payez une seule fois. Ceci n’est pas un abonnement."),
    ngx_carrierpay_phrase("confirm_title", "Confirmez votre paiement"),

    ngx_carrierpay_phrase("country", "Pays"),
    ngx_carrierpay_phrase("country_BE", "Belgique"),
    ngx_carrierpay_phrase("country_BF", "Burkina Faso"),
    ngx_carrierpay_phrase("country_BJ", "Bénin"),
    ngx_carrierpay_phrase("country_CD", "RD Congo"),
    ngx_carrierpay_phrase("country_CF", "République centrafricaine"),
    ngx_carrierpay_phrase("country_CG", "Congo"),
    ngx_carrierpay_phrase("country_CH", "Suisse"),
    ngx_carrierpay_phrase("country_CI", "Côte d’Ivoire"),
    ngx_carrierpay_phrase("country_CM", "Cameroun"),
    ngx_carrierpay_phrase("country_DE", "Allemagne"),
    ngx_carrierpay_phrase("country_DZ", "Algérie"),
    ngx_carrierpay_phrase("country_ES", "Espagne"),
    ngx_carrierpay_phrase("country_FR", "France"),
    ngx_carrierpay_phrase("country_GA", "Gabon"),
    ngx_carrierpay_phrase("country_GB", "Royaume-Uni"),
    ngx_carrierpay_phrase("country_GH", "Ghana"),
    ngx_carrierpay_phrase("country_GN", "Guinée"),
    ngx_carrierpay_phrase("country_IE", "Irlande"),
    ngx_carrierpay_phrase("country_IT", "Italie"),
    ngx_carrierpay_phrase("country_KE", "Kenya"),
    ngx_carrierpay_phrase("country_LU", "Luxembourg"),
    ngx_carrierpay_phrase("country_MA", "Maroc"),
    ngx_carrierpay_phrase("country_MG", "Madagascar"),
    ngx_carrierpay_phrase("country_ML", "Mali"),
    ngx_carrierpay_phrase("country_NE", "Niger"),
    ngx_carrierpay_phrase("country_NG", "Nigeria"),
    ngx_carrierpay_phrase("country_NL", "Pays-Bas"),
    ngx_carrierpay_phrase("country_PT", "Portugal"),
    ngx_carrierpay_phrase("country_RW", "Rwanda"),
    ngx_carrierpay_phrase("country_SN", "Sénégal"),
    ngx_carrierpay_phrase("country_TD", "Tchad"),
    ngx_carrierpay_phrase("country_TG", "Togo"),
    ngx_carrierpay_phrase("country_TN", "Tunisie"),
    ngx_carrierpay_phrase("country_TZ", "Tanzanie"),
    ngx_carrierpay_phrase("country_UG", "Ouganda"),
    ngx_carrierpay_phrase("country_ZA", "Afrique du Sud"),

    ngx_carrierpay_phrase("expired_text",
        "Il n’a pas été confirmé à temps. Vous n’avez pas été débité."),
    ngx_carrierpay_phrase("expired_title", "Ce paiement a expiré"),

    ngx_carrierpay_phrase("failed_advice", "Vous n’avez pas été débité."),
    ngx_carrierpay_phrase("failed_title", "Le paiement n’a pas abouti"),

    ngx_carrierpay_phrase("footer", "Paiement sur facture mobile"),

    ngx_carrierpay_phrase("framed_text",
        "Cette page était affichée dans une autre qui n’en a pas le droit."
        " Rien n’a été débité."),

    ngx_carrierpay_phrase("identify_title", "Quel numéro paie ?"),

    ngx_carrierpay_phrase("instead_",
        "Payez avec une autre ligne, ou choisissez un autre moyen de"
        " paiement dans la boutique."),
    ngx_carrierpay_phrase("instead_amount_not_allowed",
        "Choisissez un autre montant, ou un autre moyen de paiement dans la"
        " boutique."),
    ngx_carrierpay_phrase("instead_blocked_by_subscriber",
        "Le titulaire de la ligne l’a demandé, et notre service client peut"
        " lever ce blocage pour lui. D’ici là, payez avec une autre ligne ou"
        " choisissez un autre moyen de paiement dans la boutique."),
    ngx_carrierpay_phrase("instead_currency_not_supported",
        "Demandez à la boutique un prix dans la devise de votre facture, ou"
        " choisissez-y un autre moyen de paiement."),
    ngx_carrierpay_phrase("instead_fixed_line",
        "Payez avec une ligne mobile : saisissez son numéro, ou ouvrez cette"
        " page sur le téléphone."),
    ngx_carrierpay_phrase("instead_mvno_barred",
        "Cela dépend de votre fournisseur, et non du seul réseau. Payez avec"
        " une ligne d’un autre fournisseur, ou choisissez un autre moyen de"
        " paiement dans la boutique."),
    ngx_carrierpay_phrase("instead_operator_not_connected",
        "Payez avec une ligne d’un autre opérateur, ou choisissez un autre"
        " moyen de paiement dans la boutique."),
    ngx_carrierpay_phrase("instead_over_limit",
        "Achetez moins à la fois, ou choisissez un autre moyen de paiement"
        " dans la boutique."),

    ngx_carrierpay_phrase("lang", "fr"),

    ngx_carrierpay_phrase("limited_text",
        "Trop de demandes sont venues de vous ou de votre réseau. Patientez"
        " un instant et réessayez ; vous ne pouvez pas être débité deux"
        " fois."),
    ngx_carrierpay_phrase("limited_title",
        "Un peu moins vite, s’il vous plaît"),

    ngx_carrierpay_phrase("line", "Ligne mobile"),

    ngx_carrierpay_phrase("mail_label", "Adresse e-mail"),
    ngx_carrierpay_phrase("mail_malformed",
        "Ce n’est pas une adresse e-mail. Un exemple : nom@example.com"),
    ngx_carrierpay_phrase("mail_many",
        "Le reçu a été envoyé à autant d’adresses que possible."),
    ngx_carrierpay_phrase("mail_receipt",
        "Merci de votre achat.\n\n"
        "Boutique :  {{merchant}}\n"
        "Article :   {{description}}\n"
        "Prix :      {{amount}} {{currency}}\n"
        "Paiement :  ajouté une fois à votre facture {{operator}}\n"
        "Référence : {{reference}}\n"
        "{{#support}}Aide :      {{support}}\n"
        "{{/support}}{{#stop_url}}\n"
        "Pour bloquer tout achat futur dans cette boutique :\n"
        "{{stop_url}}\n"
        "{{/stop_url}}"),
    ngx_carrierpay_phrase("mail_send", "Envoyer le reçu"),
    ngx_carrierpay_phrase("mail_sent", "Le reçu sera envoyé à cette adresse."),
    ngx_carrierpay_phrase("mail_subject",
        "Reçu : {{amount}} {{currency}} à {{merchant}}"),
    ngx_carrierpay_phrase("mail_title", "Reçu par e-mail"),

    ngx_carrierpay_phrase("missing_text",
        "Le lien est incomplet ou erroné. Retournez à la boutique et"
        " recommencez."),
    ngx_carrierpay_phrase("missing_title", "Ce paiement n’existe pas"),

    ngx_carrierpay_phrase("mo_free",
        "Le SMS coûte ce que prévoit votre forfait. Rien n’est acheté avant"
        " que vous ne confirmiez le prix sur cette page."),
    ngx_carrierpay_phrase("mo_instead", "Envoyer plutôt un SMS"),
    ngx_carrierpay_phrase("mo_number", "Saisir plutôt votre numéro"),
    ngx_carrierpay_phrase("mo_open", "Ouvrir les SMS"),
    ngx_carrierpay_phrase("mo_send", "{{mo_text}} au {{mo_number}}"),
    ngx_carrierpay_phrase("mo_text",
        "Envoyez ce SMS depuis le téléphone dont la facture doit payer :"),
    ngx_carrierpay_phrase("mo_title", "Envoyez-nous un SMS"),
    ngx_carrierpay_phrase("mo_unavailable",
        "Cette ligne ne peut pas être reconnue par un SMS. Saisissez son"
        " numéro."),
    ngx_carrierpay_phrase("mo_wait",
        "Cette page continue d’elle-même dès que votre SMS est arrivé."),
    ngx_carrierpay_phrase("mo_word", "OUI"),

    ngx_carrierpay_phrase("mobile_again", "Essayer en données mobiles"),
    ngx_carrierpay_phrase("mobile_text",
        "Sur votre téléphone, désactivez le Wi-Fi pour passer par les"
        " données mobiles : votre ligne est alors reconnue d’elle-même."),
    ngx_carrierpay_phrase("mobile_title", "Sans code"),

    ngx_carrierpay_phrase("number_exhausted",
        "Plus aucun code ne peut être envoyé pour ce paiement. Retournez à"
        " la boutique et recommencez, ou ouvrez cette page sur le téléphone"
        " lui-même, en données mobiles."),
    ngx_carrierpay_phrase("number_foreign",
        "Ce numéro n’appartient à aucun opérateur accepté ici. Vérifiez-le,"
        " ou utilisez une autre ligne."),
    ngx_carrierpay_phrase("number_free",
        "Le SMS est gratuit. Vous reverrez le prix avant de payer."),
    ngx_carrierpay_phrase("number_guess",
        "Vous semblez être client de {{guess}}."),
    ngx_carrierpay_phrase("number_hint",
        "Nous envoyons un code par SMS à ce numéro."),
    ngx_carrierpay_phrase("number_label", "Numéro de mobile"),
    ngx_carrierpay_phrase("number_later",
        "Trop de codes ont été demandés. Patientez puis réessayez, ou ouvrez"
        " cette page sur le téléphone lui-même, en données mobiles."),
    ngx_carrierpay_phrase("number_locked",
        "Trop de codes erronés ont été saisis pour ce numéro. Réessayez"
        " demain, ou utilisez une autre ligne."),
    ngx_carrierpay_phrase("number_missing",
        "Saisissez votre numéro de mobile."),
    ngx_carrierpay_phrase("number_no_sms",
        "Aucun code ne peut être envoyé par SMS aux lignes de cet opérateur."
        " Ouvrez cette page sur le téléphone lui-même, en données mobiles."),
    ngx_carrierpay_phrase("number_send", "Recevoir le code"),
    ngx_carrierpay_phrase("number_title", "Avec votre numéro"),
    ngx_carrierpay_phrase("number_wait",
        "Un code vient d’être envoyé à un autre numéro. Patientez une minute"
        " ou deux, puis redemandez-en un pour ce numéro."),

    ngx_carrierpay_phrase("paid_by", "Paiement"),

    ngx_carrierpay_phrase("pin_", "Le code n’a pas pu être vérifié."),
    ngx_carrierpay_phrase("pin_changed",
        "Ce code correspond à un autre numéro ou à un autre prix."
        " Demandez-en un nouveau."),
    ngx_carrierpay_phrase("pin_exhausted",
        "Trop de codes erronés : celui-ci n’est plus valable. Demandez-en un"
        " nouveau."),
    ngx_carrierpay_phrase("pin_hint", "Six chiffres, valables cinq minutes."),
    ngx_carrierpay_phrase("pin_label", "Code reçu par SMS"),
    ngx_carrierpay_phrase("pin_last", "Il vous reste un essai."),
    ngx_carrierpay_phrase("pin_left", "Il vous reste {{left}} essais."),
    ngx_carrierpay_phrase("pin_locked",
        "Trop de codes erronés ont été saisis pour ce numéro. Rien n’a été"
        " débité. Réessayez demain, ou utilisez une autre ligne."),
    ngx_carrierpay_phrase("pin_malformed", "Le code a six chiffres."),
    ngx_carrierpay_phrase("pin_moved",
        "Votre connexion a changé depuis l’ouverture de cette page. Pour"
        " être sûrs que c’est bien vous, nous vous avons envoyé un code."),
    ngx_carrierpay_phrase("pin_no_resend",
        "Plus aucun code ne peut être envoyé pour ce paiement."),
    ngx_carrierpay_phrase("pin_none",
        "Ce code est trop ancien. Demandez-en un nouveau."),
    ngx_carrierpay_phrase("pin_other", "Utiliser un autre numéro"),
    ngx_carrierpay_phrase("pin_prove",
        "Pour être sûrs que cette ligne est la vôtre, nous vous avons envoyé"
        " un code."),
    ngx_carrierpay_phrase("pin_resend", "Envoyer un nouveau code"),
    ngx_carrierpay_phrase("pin_sent_again",
        "Un nouveau code est en route. Le précédent n’est plus valable."),
    ngx_carrierpay_phrase("pin_text",
        "Nous avons envoyé un SMS avec un code au {{line}}."),
    ngx_carrierpay_phrase("pin_title", "Saisissez votre code"),
    ngx_carrierpay_phrase("pin_too_soon",
        "Un code vient d’être envoyé. Il peut mettre une minute à arriver."),
    ngx_carrierpay_phrase("pin_wait", "Possible dans {{wait}}."),
    ngx_carrierpay_phrase("pin_wrong", "Ce n’est pas le code du SMS."),

    ngx_carrierpay_phrase("price",
        "{{amount}}{{gap}}<small>{{currency}}</small>"),

    ngx_carrierpay_phrase("processing_advice",
        "Il est inutile de payer à nouveau."),
    ngx_carrierpay_phrase("processing_text",
        "Votre opérateur n’a pas encore répondu. Cette page se met à jour"
        " toute seule ; vous pouvez aussi la fermer, la boutique sera"
        " prévenue dès que possible."),
    ngx_carrierpay_phrase("processing_title", "Un instant, s’il vous plaît"),

    ngx_carrierpay_phrase("receipt_title", "C’est payé. Merci !"),

    ngx_carrierpay_phrase("reference", "Référence"),

    ngx_carrierpay_phrase("refused_text",
        "Cette demande ne venait pas de notre propre page : rien n’a été"
        " fait et rien n’a été débité."),
    ngx_carrierpay_phrase("refused_title", "Ouvrez la page elle-même"),

    ngx_carrierpay_phrase("return", "Retour à {{merchant}}"),
    ngx_carrierpay_phrase("return_soon",
        "Vous y serez ramené dans dix secondes. Touchez la page pour rester."),

    ngx_carrierpay_phrase("sms_answered",
        "Merci. Retournez à la page pour payer {{amount}} {{currency}} à"
        " {{merchant}}."),
    ngx_carrierpay_phrase("sms_code_unknown",
        "Ce code est inconnu ou trop ancien, rien n'a été débité. Retournez"
        " à la page et demandez-en un autre."),
    ngx_carrierpay_phrase("sms_help",
        "Paiements sur facture mobile.{{#merchant}} Dernier :"
        " {{merchant}}.{{/merchant}}{{#support}} Aide :"
        " {{support}}.{{/support}} STOP : bloquer les achats."),
    ngx_carrierpay_phrase("sms_info",
        "Vous confirmez chaque paiement, et son prix est ajouté une fois à"
        " votre facture mobile ; ce n'est pas un abonnement.{{#support}}"
        " Aide : {{support}}.{{/support}} STOP : bloquer les achats."),
    ngx_carrierpay_phrase("sms_pin",
        "{{merchant}} : votre code est {{code}} pour payer {{amount}}"
        " {{currency}}. Ne le donnez à personne."),
    ngx_carrierpay_phrase("sms_receipt",
        "{{merchant}} : {{amount}} {{currency}} payés, sur votre facture"
        " {{operator}}. Réf {{reference}}.{{#support}} Aide :"
        " {{support}}.{{/support}} Pour bloquer les achats, répondez STOP."),
    ngx_carrierpay_phrase("sms_stopped",
        "C'est fait : {{merchant}} ne peut plus débiter ce"
        " numéro.{{#support}} Aide : {{support}}{{/support}}"),
    ngx_carrierpay_phrase("sms_stopped_all",
        "C'est fait : plus aucun marchand ne peut débiter ce numéro par"
        " notre service. Les paiements passés ne changent pas."),

    ngx_carrierpay_phrase("stop_back", "Retour au reçu"),
    ngx_carrierpay_phrase("stop_link", "Bloquer les achats futurs"),
    ngx_carrierpay_phrase("stop_none_text", "Aucune ligne n’a payé ici."),
    ngx_carrierpay_phrase("stop_none_title", "Il n’y a rien à bloquer"),
    ngx_carrierpay_phrase("stop_send", "Bloquer {{merchant}}"),
    ngx_carrierpay_phrase("stop_text",
        "{{merchant}} ne pourra plus débiter votre facture mobile. Ce que"
        " vous avez payé reste payé."),
    ngx_carrierpay_phrase("stop_title", "Bloquer les achats ?"),

    ngx_carrierpay_phrase("stopped_advice",
        "Notre service client peut lever ce blocage pour vous."),
    ngx_carrierpay_phrase("stopped_text",
        "La boutique ne peut plus débiter votre facture mobile."),
    ngx_carrierpay_phrase("stopped_title", "Les achats sont bloqués"),

    ngx_carrierpay_phrase("support", "Une question ?"),

    ngx_carrierpay_phrase("terms", "Conditions de vente"),

    ngx_carrierpay_phrase("test",
        "Paiement de test : aucun argent n’est débité."),

    ngx_carrierpay_phrase("touch_text",
        "Le paiement n’a pas été lancé par un appui sur notre page : rien"
        " n’a été débité. Rouvrez la page et appuyez sur le bouton si vous"
        " voulez payer."),
    ngx_carrierpay_phrase("touch_title", "Appuyez vous-même sur le bouton"),

    ngx_carrierpay_phrase("unavailable_text",
        "Le service ne peut pas répondre à l’instant. Réessayez bientôt ;"
        " vous ne pouvez pas être débité deux fois."),
    ngx_carrierpay_phrase("unavailable_title", "Impossible pour le moment"),

    ngx_carrierpay_phrase("wait_minutes", "minutes"),
    ngx_carrierpay_phrase("wait_second", "seconde"),
    ngx_carrierpay_phrase("wait_seconds", "secondes"),

    ngx_carrierpay_phrase("why_absent",
        "Votre ligne n’a pas été reconnue. C’est normal en Wi-Fi, avec un"
        " VPN ou dans un navigateur qui économise les données."),
    ngx_carrierpay_phrase("why_conflict",
        "Votre ligne n’a pas été reconnue : votre connexion annonce"
        " plusieurs numéros, aucun n’est donc retenu."),
    ngx_carrierpay_phrase("why_duplicate",
        "Votre ligne n’a pas été reconnue : votre connexion annonce"
        " plusieurs numéros, aucun n’est donc retenu."),
    ngx_carrierpay_phrase("why_fixed",
        "Vous êtes sur le réseau fixe de votre opérateur. Votre ligne mobile"
        " n’est reconnue qu’en données mobiles."),
    ngx_carrierpay_phrase("why_forged",
        "Votre ligne n’a pas été reconnue : ce que votre connexion en dit ne"
        " vient pas de votre opérateur."),
    ngx_carrierpay_phrase("why_malformed",
        "Votre ligne n’a pas été reconnue : ce que votre connexion en dit"
        " n’est pas un numéro de votre opérateur."),
    ngx_carrierpay_phrase("why_no_agent",
        "Votre ligne n’a pas été reconnue : votre navigateur ne dit pas ce"
        " qu’il est."),
    ngx_carrierpay_phrase("why_off_network",
        "Votre ligne n’a pas été reconnue : vous êtes en Wi-Fi, ou sur un"
        " réseau qui n’est pas celui de votre opérateur."),
    ngx_carrierpay_phrase("why_other", "Utilisez une autre ligne."),
    ngx_carrierpay_phrase("why_proxy",
        "Votre ligne n’a pas été reconnue : votre connexion passe par un"
        " proxy ou un navigateur qui économise les données."),
    ngx_carrierpay_phrase("why_relay",
        "Votre navigateur masque votre connexion derrière un relais privé."
        " Inutile d’y changer quoi que ce soit : votre numéro suffit."),
    ngx_carrierpay_phrase("why_stale",
        "Votre ligne n’a pas été reconnue : ce que votre connexion en dit"
        " est trop ancien. Essayez encore une fois."),
    ngx_carrierpay_phrase("why_unavailable",
        "Votre ligne n’a pas pu être reconnue à l’instant."),
    ngx_carrierpay_phrase("why_untrusted",
        "Votre ligne n’a pas été reconnue : cette connexion ne vient pas du"
        " réseau mobile d’un opérateur accepté ici."),
    ngx_carrierpay_phrase("why_used",
        "Cette page ne vaut que pour une visite, et celle-ci est terminée."
        " Votre ligne doit être reconnue à nouveau."),
    ngx_carrierpay_phrase("why_vpn",
        "Votre ligne n’a pas été reconnue : votre connexion passe par un"
        " VPN."),
};


const ngx_carrierpay_language_t  ngx_carrierpay_language_fr = {
    ngx_string("fr"),
    NGX_CARRIERPAY_LOCALE_FR,
    ngx_carrierpay_phrases_fr,
    sizeof(ngx_carrierpay_phrases_fr) / sizeof(ngx_carrierpay_phrase_t)
};
