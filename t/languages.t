#!/usr/bin/perl

# The catalogues of texts: no phrase is left unused or misspelt, SMS keep to
# the alphabet that makes them short, and a language that differs from the
# others is refused.

use strict;
use warnings;
use utf8;

use FindBin;
use Test::More;

my $root = "$FindBin::Bin/..";
my @tags = map { m{language_(\w+)\.c$} } glob(
    "$root/ngx_carrierpay/core/language/ngx_carrierpay_language_*.c");

# The alphabet of 3GPP TS 23.038, with the characters that need an escape.

my $gsm = qr/^[\@£\$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-.\/0-9:;<=>?
              ¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\\[~\]|€]*$/x;

sub slurp {
    my ($file) = @_;

    open(my $in, '<:encoding(UTF-8)', $file) or die "$file: $!\n";
    local $/;

    return scalar(<$in>);
}

# Texts of a language by their names.

sub phrases {
    my ($tag) = @_;
    my $text = slurp("$root/ngx_carrierpay/core/language/"
                     . "ngx_carrierpay_language_$tag.c");
    my %phrase;

    while ($text =~ /ngx_carrierpay_phrase\("(\w+)",((?:\s*"(?:[^"\\]|\\.)*")+)
                     \)/gx)
    {
        my ($name, $pieces) = ($1, $2);
        $phrase{$name} = join('', $pieces =~ /"((?:[^"\\]|\\.)*)"/g)
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

    $source !~ /\[\[$name\]\]|"$name"/
        && !grep { $source =~ /"\Q$_\E"/ } @begins
        && $name !~ /^(sms|mail)_/;
} sort(keys(%{ $phrases{$first} }))), '', 'no phrase is left unused');

done_testing();
