import { declareVariants } from './variants';

declareVariants(1, 4);
