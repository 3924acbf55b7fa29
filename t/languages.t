#!/usr/bin/perl

# The languages: each has a text for each phrase of the list, no phrase is left
# unused or misspelt, SMS keep to the alphabet that makes them short, and the
# compiler refuses a language that lacks a phrase or has one too many.

use strict;
use warnings;
use utf8;

use File::Temp qw(tempdir);
use FindBin;
use Test::More;

my $root = "$FindBin::Bin/..";
my $folder = "$root/ngx_carrierpay/core/language";
my @tags = map { m{language_(\w+)\.c$} }
           glob("$folder/ngx_carrierpay_language_*.c");

# The alphabet of 3GPP TS 23.038, with the characters that need an escape.

my $gsm = qr/^[\@£\$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-.\/0-9:;<=>?
              ¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\\[~\]|€]*$/x;

sub slurp {
    my ($file) = @_;

    open(my $in, '<:encoding(UTF-8)', $file) or die "$file: $!\n";
    local $/;

    return scalar(<$in>);
}

# The list of phrases: enumerator => name.

my %name = slurp("$folder/ngx_carrierpay_phrase.h")
           =~ /^    phrase\((\w+), "(\w+)"\)/mg;

# Returns the texts of a language: name => text.

sub phrases {
    my ($tag) = @_;
    my $text = join('', map { slurp("$folder/ngx_carrierpay_language_$_") }
                            "$tag.c", "${tag}_sms.h");
    my %phrase;

    while ($text =~ /^ngx_carrierpay_text\((\w+),
                     ((?:\s*"(?:[^"\\]|\\.)*")+)\s*\);/gmx)
    {
        my ($enum, $pieces) = ($1, $2);
        $phrase{$name{$enum} // "unlisted $enum"}
            = join('', $pieces =~ /"((?:[^"\\]|\\.)*)"/g)
              =~ s/\\n/\n/gr =~ s/\\"/"/gr;
    }

    return \%phrase;
}

cmp_ok(scalar(@tags), '>=', 2, 'languages: ' . join(' ', @tags));

my %phrases = map { $_ => phrases($_) } @tags;

cmp_ok(scalar(keys(%{ $phrases{$tags[0]} })), '>', 100,
       'the first language has many phrases');

my ($first) = @tags;
my $source = join('', map { slurp($_) } grep { !/_language_/ }
                  glob("$root/ngx_carrierpay/core/*/*.c"),
                  glob("$root/lua-free-handlers/checkout/*.[ch]"));

for my $tag (@tags) {
    my $phrase = $phrases{$tag};
    my @names = sort(keys(%$phrase));

    is_deeply(\@names, [sort(keys(%{ $phrases{$first} }))],
              "$tag: the same phrases as $first");

    is_deeply(\@names, [sort(values(%name))], "$tag: those of the list");

    is(join(' ', grep { $phrase->{$_} =~ /^\s|\s$/
                        && $_ ne 'mail_receipt' } @names), '',
       "$tag: no phrase begins or ends with a blank");

    is(join(' ', grep { /^sms_/ && $phrase->{$_} !~ $gsm } @names), '',
       "$tag: the phrases of SMS are of the GSM alphabet");

    # Each phrase has the same values and sections as in the first language.

    is(join(' ', grep {
        join(' ', sort($phrase->{$_} =~ /\{\{[^}]*\}\}/g))
            ne join(' ', sort($phrases{$first}{$_} =~ /\{\{[^}]*\}\}/g))
    } @names), '', "$tag: the phrases have the same values as in $first");
}

# A name is used when it stands in the sources, or when what it begins with
# does: code_, why_ and the like take a word behind.

is(join(' ', grep {
    my $name = $_;
    my @begins = map { substr($name, 0, $_) }
                 grep { substr($name, $_ - 1, 1) eq '_' } 1 .. length($name);

    my ($enum) = grep { $name{$_} eq $name } keys(%name);

    $source !~ /\[\[$name\]\]|"$name"|\bNGX_CARRIERPAY_PHRASE_$enum\b/
        && !grep { $source =~ /"\Q$_\E"/ } @begins
        && $name !~ /^(sms|mail)_/;
} sort(keys(%{ $phrases{$first} }))), '', 'no phrase is left unused');

# The families that the sources name are those of some phrases.

is(join(' ', grep { my $family = $_;
                    !grep { /^\Q$family\E/ } values(%name) }
             $source =~ /phrase_variant\("(\w+)"/g), '',
   'no family is misspelt');

###############################################################################

# Compiles a language after a change of its source; returns whether the
# compiler has accepted it, and what it said.

my $dir = tempdir(CLEANUP => 1);

sub compiles {
    my ($text) = @_;

    open(my $out, '>:encoding(UTF-8)', "$dir/language.c") or die "$!\n";
    print $out "#include <stddef.h>\n#include <stdint.h>\n", <<'END', $text;
typedef struct { size_t len; unsigned char *data; } ngx_str_t;
typedef uintptr_t ngx_uint_t;
typedef intptr_t ngx_int_t;
typedef unsigned char u_char;
#define ngx_string(str)  { sizeof(str) - 1, (unsigned char *) str }
END
    close($out);

    my $includes = join(' ', map { "-I$_" } $dir, $folder,
                        "$root/ngx_carrierpay/base",
                        "$root/ngx_carrierpay/base/text");
    my $compiler = "cc -Wall -Wextra -Werror $includes -c";
    my $said = qx{$compiler -o $dir/language.o $dir/language.c 2>&1};

    return ($? == 0, $said);
}

for my $header (qw(ngx_config.h ngx_core.h)) {
    open(my $out, '>', "$dir/$header") or die "$!\n";
}

my $good = slurp("$folder/ngx_carrierpay_language_$first.c");

my ($ok, $said) = compiles($good);
ok($ok, "$first: a whole language compiles") or diag($said);

($ok, $said) = compiles($good =~ s/^ngx_carrierpay_text\(AGAIN,.*\n//mr);
ok(!$ok && $said =~ /ngx_carrierpay_text_AGAIN/,
   'a language that lacks a phrase does not compile');

($ok, $said) = compiles($good =~ s/^(?=ngx_carrierpay_text\(AGAIN,)
                                   /ngx_carrierpay_text(MORE, "more");\n/xmr);
ok(!$ok && $said =~ /ngx_carrierpay_text_MORE/,
   'a language with an unknown phrase does not compile');

($ok, $said) = compiles($good =~ s/^(ngx_carrierpay_text\(AGAIN,.*\n)
                                   /$1$1/xmr);
ok(!$ok && $said =~ /ngx_carrierpay_text_AGAIN/,
   'a language with two texts of one phrase does not compile');

done_testing();
